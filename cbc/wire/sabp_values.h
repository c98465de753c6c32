// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The values of single elements of SABP to and from the C structures of asn1c. For sabp_codec.cc alone.
#pragma once

#include "cbc/wire/element_io.h"
#include "cbc/wire/sabp_message.h"

extern "C" {
#include <SABP-Criticality-Diagnostics.h>
#include <SABP-Failure-List-Item.h>
#include <SABP-Number-of-Broadcasts-Completed-List-Item.h>
#include <SABP-Radio-Resource-Loading-List-Item.h>
#include <SABP-Service-Area-Identifier.h>
}

namespace cbc::sabp {

struct Values {
    static void put(SABP_Service_Area_Identifier_t& out, const ServiceArea& area);
    static void put(SABP_Failure_List_Item_t& out, const Failed& failed);
    static void put(SABP_Number_of_Broadcasts_Completed_List_Item_t& out, const Completed& completed);
    static void put(SABP_Radio_Resource_Loading_List_Item_t& out, const Loading& loading);
    static void put(SABP_Criticality_Diagnostics_t& out, const wire::CriticalityDiagnostics& diagnostics);

    static wire::Read<ServiceArea> get(const SABP_Service_Area_Identifier_t& in);
    static wire::Read<Failed> get(const SABP_Failure_List_Item_t& in);
    static wire::Read<Completed> get(const SABP_Number_of_Broadcasts_Completed_List_Item_t& in);
    static wire::Read<Loading> get(const SABP_Radio_Resource_Loading_List_Item_t& in);
    static wire::Read<wire::CriticalityDiagnostics> get(const SABP_Criticality_Diagnostics_t& in);
};

}  // namespace cbc::sabp
