// SPDX-License-Identifier: AGPL-3.0-or-later
//
// SBc-AP messages to octets and back. Pure functions. TS 29.168 §5; aligned PER.
#pragma once

#include "cbc/wire/objections.h"
#include "cbc/wire/sbcap_message.h"

namespace cbc::sbcap {

// What we accept at most; a longer message is refused before it is read.
inline constexpr size_t kMessageOctetsMax = size_t{1} << 20;

// kInvalid when a value does not fit the standard's type, with the path of what does not.
base::Result<base::Bytes> encode(const Message& message);

// What is not understood is answered by an Error-Indication (TS 29.168 §5.5). A request is answered by its
// response with a cause, but only an MME gets requests.
using Decoded = wire::Decoded<Message, ErrorIndication>;
using Fault = wire::Fault<ErrorIndication>;

// `in` is one user message of SCTP. A mandatory List-of-TAIs-Restart that is missing is forgiven, and
// reported.
base::Result<Decoded, Fault> decode(base::ByteView in);

}  // namespace cbc::sbcap
