// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/value_parts.h"

#include "cbc/wire/plmn.h"

namespace cbc::wire {

base::DecodeError makes_no_sense(std::string_view field) {
    return {base::DecodeError::Kind::kInvalidValue, 0, std::string(field)};
}

void put_plmn(OCTET_STRING_t& out, const PlmnId& plmn) {
    base::Writer octets;
    write_plmn(octets, plmn);
    asn1::assign(out, octets.take());
}

Read<PlmnId> get_plmn(const OCTET_STRING_t& in) {
    base::Reader octets(asn1::octets_of(in));
    return read_plmn(octets);
}

void put_number(OCTET_STRING_t& out, uint32_t number, int octets) {
    base::Bytes bytes;
    for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8)
        bytes.push_back(static_cast<uint8_t>(number >> shift));
    asn1::assign(out, bytes);
}

uint32_t get_number(const OCTET_STRING_t& in) {
    uint32_t number = 0;
    for (const uint8_t octet : asn1::octets_of(in)) number = number << 8 | octet;
    return number;
}

}  // namespace cbc::wire
