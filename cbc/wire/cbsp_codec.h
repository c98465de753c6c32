// SPDX-License-Identifier: AGPL-3.0-or-later
//
// CBSP messages to octets and back. Pure functions. TS 48.049 §8.
//
// A message is a header of four octets (type, length of what follows in 24 bits) and elements in any order;
// we write them in the order of §8.1.3. An element has a tag and either a fixed length or a length of 16
// bits. A tag that is not in the standard has no known length, so decoding ends there: the message stands if
// all that it must have came before, and `unknown_element` tells the tag; else it is an error. An element
// that a message doesn't have is skipped; of one that comes twice the first counts.
#pragma once

#include <optional>

#include "cbc/wire/cbsp_message.h"
#include "common/base/bytes.h"

namespace cbc::cbsp {

inline constexpr size_t kHeaderOctets = 4;

// REQUIRES 1 to 15 pages in a broadcast message, and lists of less than 64 KiB (see kMaxCellListOctets).
base::Bytes encode(const Message& message);

struct DecodedMessage {
    Message message;
    std::optional<uint8_t> unknown_element;
};

// Why a message could not be read, and what ERROR INDICATION says about it: the cause, and what the message
// was about as far as it could be read. TS 48.049 §8.1.3.21.
struct DecodeFailure {
    base::DecodeError error;
    Cause cause;
    ErrorIndication indication{};  // with the same cause

    std::string text() const { return error.text(); }
};

// `in` is one whole message with its header, as CbspFramer gives it.
base::Result<DecodedMessage, DecodeFailure> decode(base::ByteView in);

}  // namespace cbc::cbsp
