// SPDX-License-Identifier: AGPL-3.0-or-later
//
// SABP messages to octets and back. Pure functions. TS 25.419 §9; aligned PER.
#pragma once

#include "cbc/wire/objections.h"
#include "cbc/wire/sabp_message.h"

namespace cbc::sabp {

// What we accept at most; a longer message is refused before it is read. Two lists of 65,535 service areas
// take 1.1 MB, but no RNC has so many.
inline constexpr size_t kMessageOctetsMax = size_t{1} << 20;

// kInvalid when a value does not fit the standard's type, with the path of what does not.
base::Result<base::Bytes> encode(const Message& message);

// What is not understood is answered by an Error-Indication; only an RNC gets requests. TS 25.419 §10.
using Decoded = wire::Decoded<Message, ErrorIndication>;
using Fault = wire::Fault<ErrorIndication>;

// `in` is one PDU, as Framer gives it.
base::Result<Decoded, Fault> decode(base::ByteView in);

}  // namespace cbc::sabp
