// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Cuts the octets of a TCP connection into SABP PDUs. SABP has no header: how long a PDU is says the length
// of the open type after its first three octets, in fragments of 16 Ki when it is long (X.691 §11.9.3). See
// framer.h. TS 25.419 §7, TS 25.414 §6.3.
#pragma once

#include "cbc/wire/framer.h"
#include "cbc/wire/sabp_codec.h"

namespace cbc::sabp {

// What cannot be the begin of a PDU (a fourth kind of it, a criticality that does not exist, a length that is
// none) is an error at once: nothing after it could be found.
class SabpFramer : public wire::Framer {
 public:
    explicit SabpFramer(size_t limit = kMessageOctetsMax);
};

}  // namespace cbc::sabp
