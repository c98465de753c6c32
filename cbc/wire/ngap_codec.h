// SPDX-License-Identifier: AGPL-3.0-or-later
//
// NGAP messages of public warning to octets and back. Pure functions. TS 38.413 §9; aligned PER.
#pragma once

#include "cbc/wire/ngap_message.h"

namespace cbc::ngap {

// What we accept at most; a longer message is refused before it is read.
inline constexpr size_t kMessageOctetsMax = size_t{1} << 20;

// kInvalid when a value does not fit the standard's type, with the path of what does not.
base::Result<base::Bytes> encode(const Message& message);

// A message that cannot be read is an error of its sender, told as one of HTTP: no Error Indication goes from
// a CBCF to a node. Elements that we do not understand are passed over unless their sender marked them
// reject.
base::Result<Message, base::DecodeError> decode(base::ByteView in);

}  // namespace cbc::ngap
