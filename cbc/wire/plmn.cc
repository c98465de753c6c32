// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/plmn.h"

#include <string>

namespace cbc {

namespace {

constexpr unsigned kNoDigit = 0xf;

unsigned digit(char c) { return static_cast<unsigned>(c - '0'); }

uint8_t pair(unsigned high, unsigned low) { return static_cast<uint8_t>(high << 4U | low); }

}  // namespace

void write_plmn(base::Writer& out, const PlmnId& plmn) {
    const std::string mcc = plmn.mcc();
    const std::string mnc = plmn.mnc();
    const unsigned third = mnc.size() == 3 ? digit(mnc[2]) : kNoDigit;
    out.u8(pair(digit(mcc[1]), digit(mcc[0])));
    out.u8(pair(third, digit(mcc[2])));
    out.u8(pair(digit(mnc[1]), digit(mnc[0])));
}

base::Result<PlmnId, base::DecodeError> read_plmn(base::Reader& in) {
    const size_t at = in.offset();
    const auto octets = in.take(3, "PLMN");
    if (!octets) return octets.error();
    std::string mcc;
    std::string mnc;
    const auto put = [](std::string& to, unsigned nibble) { to.push_back(static_cast<char>('0' + nibble)); };
    put(mcc, (*octets)[0] & 0xfU);
    put(mcc, (*octets)[0] >> 4U);
    put(mcc, (*octets)[1] & 0xfU);
    put(mnc, (*octets)[2] & 0xfU);
    put(mnc, (*octets)[2] >> 4U);
    if (const unsigned third = (*octets)[1] >> 4U; third != kNoDigit) put(mnc, third);
    const auto plmn = PlmnId::parse(mcc, mnc);  // what is no digit became another character
    if (!plmn) return base::DecodeError{base::DecodeError::Kind::kInvalidValue, at, "PLMN"};
    return *plmn;
}

}  // namespace cbc
