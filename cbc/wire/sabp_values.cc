// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/sabp_values.h"

#include "cbc/wire/sabp_tables.h"
#include "cbc/wire/value_parts.h"

extern "C" {
#include <SABP-CriticalityDiagnostics-IE-Item.h>
#include <SABP-CriticalityDiagnostics-IE-List.h>
#include <SABP-IE-Extension.h>
#include <SABP-IE-Extensions.h>
#include <SABP-TypeOfError.h>
}

namespace cbc::sabp {
namespace {

// What kind of error it is: the one extension of a line of Criticality Diagnostics that we read.
void put_kind(SABP_CriticalityDiagnostics_IE_Item_t& out, wire::Diagnostic::Kind kind) {
    auto& extension = asn1::append(asn1::present(out.iE_Extensions));
    const long number = static_cast<long>(kind);
    const auto octets = asn1::encode(asn_DEF_SABP_TypeOfError, &number);
    extension.id = kIdTypeOfError;
    extension.criticality = static_cast<long>(wire::Criticality::kIgnore);
    asn1::assign(extension.value, *octets);
}

// "Not understood" where it is missing, as in messages of the first version of the standard, or unreadable.
wire::Diagnostic::Kind get_kind(const SABP_CriticalityDiagnostics_IE_Item_t& in) {
    if (in.iE_Extensions != nullptr)
        for (const auto* extension : asn1::items(*in.iE_Extensions)) {
            if (extension->id != kIdTypeOfError) continue;
            const auto kind =
                asn1::decode_as<long>(asn_DEF_SABP_TypeOfError, asn1::octets_of(extension->value));
            if (kind) return static_cast<wire::Diagnostic::Kind>(**kind);
        }
    return wire::Diagnostic::Kind::kNotUnderstood;
}

}  // namespace

void Values::put(SABP_Service_Area_Identifier_t& out, const ServiceArea& area) {
    wire::put_plmn(out.pLMNidentity, area.plmn);
    wire::put_number(out.lac, area.lac, 2);
    wire::put_number(out.sac, area.sac, 2);
}
wire::Read<ServiceArea> Values::get(const SABP_Service_Area_Identifier_t& in) {
    const auto plmn = wire::get_plmn(in.pLMNidentity);
    if (!plmn) return plmn.error();
    return ServiceArea{*plmn, static_cast<uint16_t>(wire::get_number(in.lac)),
                       static_cast<uint16_t>(wire::get_number(in.sac))};
}

void Values::put(SABP_Failure_List_Item_t& out, const Failed& failed) {
    put(out.service_area_identifier, failed.area);
    out.cause = static_cast<long>(failed.cause);
}
wire::Read<Failed> Values::get(const SABP_Failure_List_Item_t& in) {
    const auto area = get(in.service_area_identifier);
    if (!area) return area.error();
    return Failed{*area, static_cast<Cause>(in.cause)};
}

void Values::put(SABP_Number_of_Broadcasts_Completed_List_Item_t& out, const Completed& completed) {
    put(out.service_area_identifier, completed.area);
    out.number_of_broadcasts_completed = completed.broadcasts;
    if (completed.note)
        asn1::present(out.number_of_broadcasts_completed_info) = static_cast<long>(*completed.note);
}
wire::Read<Completed> Values::get(const SABP_Number_of_Broadcasts_Completed_List_Item_t& in) {
    const auto area = get(in.service_area_identifier);
    if (!area) return area.error();
    Completed completed{*area, static_cast<uint16_t>(in.number_of_broadcasts_completed), std::nullopt};
    if (in.number_of_broadcasts_completed_info != nullptr)
        completed.note = static_cast<CountNote>(*in.number_of_broadcasts_completed_info);
    return completed;
}

void Values::put(SABP_Radio_Resource_Loading_List_Item_t& out, const Loading& loading) {
    put(out.service_area_identifier, loading.area);
    out.available_bandwidth = loading.bandwidth;
}
wire::Read<Loading> Values::get(const SABP_Radio_Resource_Loading_List_Item_t& in) {
    const auto area = get(in.service_area_identifier);
    if (!area) return area.error();
    return Loading{*area, static_cast<uint16_t>(in.available_bandwidth)};
}

void Values::put(SABP_Criticality_Diagnostics_t& out, const wire::CriticalityDiagnostics& diagnostics) {
    wire::put_diagnostics(out, &SABP_Criticality_Diagnostics_t::iEsCriticalityDiagnostics, diagnostics,
                          put_kind);
}
wire::Read<wire::CriticalityDiagnostics> Values::get(const SABP_Criticality_Diagnostics_t& in) {
    return wire::get_diagnostics(in, &SABP_Criticality_Diagnostics_t::iEsCriticalityDiagnostics, get_kind);
}

}  // namespace cbc::sabp
