// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A network identity in three octets of BCD digits, the same in CBSP, SBc-AP and NGAP. TS 24.008 §10.5.1.3.
#pragma once

#include "cbc/domain/place.h"
#include "common/base/bytes.h"

namespace cbc {

void write_plmn(base::Writer& out, const PlmnId& plmn);
// A digit above 9 is refused; 0xf in the place of the third MNC digit means that there is none.
base::Result<PlmnId, base::DecodeError> read_plmn(base::Reader& in);

}  // namespace cbc
