// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Every information element that a message of SBc-AP, of SABP or of NGAP's public warning carries, by name.
#pragma once

#include <map>
#include <string>

#include "asn1/aper.h"

namespace test {

// "SBCAP-Warning-Area-List" and so on.
const std::map<std::string, const asn1::Type*>& asn1_types();

}  // namespace test
