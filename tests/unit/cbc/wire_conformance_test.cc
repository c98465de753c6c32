// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the standards' tables list and the codecs' own tests have no other reason to touch: every optional
// element of every message, and every cause with its words. tests/conformance/README.md names these cases.
#include <array>

#include "cbc/domain/cause.h"
#include "cbc/wire/cbsp_codec.h"
#include "cbc/wire/ngap_codec.h"
#include "cbc/wire/sabp_codec.h"
#include "cbc/wire/sbcap_codec.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const PlmnId kPlmn = *PlmnId::parse("001-01");
const cbs::MessageIdentifier kPresidential{4370};
const cbs::SerialNumber kSerial{0x4000};
const wire::CriticalityDiagnostics kDiagnostics{
    0, 0, wire::Criticality::kReject, {{wire::Criticality::kReject, 5, wire::Diagnostic::Kind::kMissing}}};

const base::Bytes& octets_of(const base::Result<base::Bytes>& encoded) {
    CHECK_OK(encoded);
    return *encoded;
}
void both_ways(const sbcap::Message& message) {
    const auto read = sbcap::decode(octets_of(sbcap::encode(message)));
    CHECK(read && read->message == message);
}
void both_ways(const ngap::Message& message) {
    const auto read = ngap::decode(octets_of(ngap::encode(message)));
    CHECK_OK(read);
    CHECK(*read == message);
}
void both_ways(const sabp::Message& message) {
    const auto read = sabp::decode(octets_of(sabp::encode(message)));
    CHECK(read && read->message == message);
}

template <class Response>
void check_sbcap_response() {
    Response response;
    response.message_identifier = kPresidential;
    response.serial = kSerial;
    response.cause = sbcap::Cause::kTrackingAreaNotValid;
    response.diagnostics = kDiagnostics;
    response.unknown_tais = {{kPlmn, 7}};
    response.unknown_tais_5gs = {{kPlmn, 8}};
    both_ways(sbcap::Message{response});
}

void sbcap_answers_with_all_they_may_have() {
    check_sbcap_response<sbcap::WriteReplaceWarningResponse>();
    check_sbcap_response<sbcap::StopWarningResponse>();
    both_ways(sbcap::ErrorIndication{sbcap::Cause::kSemanticError, kDiagnostics});
}

void sbcap_stop_requests_with_all_they_may_have() {
    sbcap::StopWarningRequest stop;
    stop.message_identifier = kPresidential;
    stop.serial = kSerial;
    stop.tais = {{kPlmn, 1}};
    stop.area = std::vector<Tai>{{kPlmn, 1}};
    stop.omc_id = {1, 2};
    stop.send_indication = stop.stop_all = true;
    stop.nr.tais = {{kPlmn, 2}};
    stop.nr.area = std::vector<EmergencyArea>{{{{1, 2, 3}}}};
    stop.nr.rat_selector = true;
    both_ways(stop);
}

void sbcap_indications_with_all_they_may_have() {
    sbcap::WriteReplaceWarningIndication scheduled;
    scheduled.message_identifier = kPresidential;
    scheduled.serial = kSerial;
    scheduled.scheduled_nr = sbcap::NrCells{{{{kPlmn, 6}, std::nullopt}}, {}, {}};
    both_ways(scheduled);
    const EnbId enb{kPlmn, 5, 20};
    const GnbId gnb{kPlmn, 5, 22};
    both_ways(sbcap::PwsRestartIndication{
        {{kPlmn, 1}}, enb, {{kPlmn, 2}}, {EmergencyArea{{3, 3, 3}}}, {{kPlmn, 4}}, {{kPlmn, 5}}, gnb});
    both_ways(sbcap::PwsFailureIndication{{{kPlmn, 1}}, enb, {{kPlmn, 4}}, gnb});
}

void ngap_cancels_with_all_they_may_have() {
    ngap::PwsCancelRequest cancel;
    cancel.message_identifier = kPresidential;
    cancel.serial = kSerial;
    cancel.area = std::vector<Ncgi>{{kPlmn, 1}};
    both_ways(cancel);
    ngap::PwsCancelResponse response;
    response.message_identifier = kPresidential;
    response.serial = kSerial;
    response.diagnostics = kDiagnostics;
    both_ways(response);
}

const sabp::ServiceArea kArea{kPlmn, 1, 2};

// A failure names areas that failed; `with` are those that did not.
template <class Answer>
void check_broadcast_answer(bool failed) {
    Answer answer;
    answer.message_identifier = kPresidential;
    answer.serial = kSerial;
    if (failed) answer.failed = {{kArea, sabp::Cause::kRncMemoryExceeded}};
    answer.completed = {{kArea, 3, std::nullopt}};
    answer.diagnostics = kDiagnostics;
    both_ways(sabp::Message{answer});
}

void sabp_answers_with_all_they_may_have() {
    check_broadcast_answer<sabp::WriteReplaceComplete>(false);
    check_broadcast_answer<sabp::WriteReplaceFailure>(true);
    check_broadcast_answer<sabp::KillComplete>(false);
    check_broadcast_answer<sabp::KillFailure>(true);
    check_broadcast_answer<sabp::MessageStatusQueryComplete>(false);
    check_broadcast_answer<sabp::MessageStatusQueryFailure>(true);
    const std::vector<sabp::Failed> failed{{kArea, sabp::Cause::kServiceAreaNotValid}};
    const std::vector<sabp::Loading> loads{{kArea, 20'480}};
    both_ways(sabp::LoadQueryComplete{{{}, loads, kDiagnostics}});
    both_ways(sabp::LoadQueryFailure{{failed, loads, kDiagnostics}});
    both_ways(sabp::ResetComplete{{{}, {kArea}, kDiagnostics}});
    both_ways(sabp::ResetFailure{{failed, {kArea}, kDiagnostics}});
}

// The names as the standards have them, in the order of their codes; what comes after them is told by number.
template <size_t kCount>
void check_words(CauseSource source, const std::array<std::string_view, kCount>& names) {
    for (uint16_t code = 0; code < kCount; ++code) {
        const std::string text = text_of(Cause{source, code});
        CHECK_EQ(text.substr(0, names.at(code).size() + 2), std::string(names.at(code)) + " (");
    }
    const std::string beyond = text_of(Cause{source, static_cast<uint16_t>(kCount)});
    for (const std::string_view name : names) CHECK(!beyond.starts_with(std::string(name) + " ("));
}

void every_cause_of_cbsp_has_its_words() {
    check_words<16>(CauseSource::kCbsp,
                    {"parameter not recognised", "parameter value invalid",
                     "message reference not identified", "cell identity not valid", "unrecognised message",
                     "missing mandatory element", "BSC capacity exceeded", "cell memory exceeded",
                     "BSC memory exceeded", "cell broadcast not supported", "cell broadcast not operational",
                     "incompatible DRX parameter", "extended channel not supported",
                     "message reference already used", "unspecified error", "LAI or LAC not valid"});
}

void every_cause_of_sbcap_has_its_words() {
    check_words<19>(
        CauseSource::kSbcap,
        {"message accepted", "parameter not recognised", "parameter value invalid",
         "valid message not identified", "tracking area not valid", "unrecognised message",
         "missing mandatory element", "MME capacity exceeded", "MME memory exceeded",
         "warning broadcast not supported", "warning broadcast not operational",
         "message reference already used", "unspecified error", "transfer syntax error", "semantic error",
         "message not compatible with receiver state", "abstract syntax error (reject)",
         "abstract syntax error (ignore and notify)", "abstract syntax error (falsely constructed message)"});
}

void every_cause_of_sabp_has_its_words() {
    check_words<18>(
        CauseSource::kSabp,
        {"parameter not recognised", "parameter value invalid", "valid CN message not identified",
         "service area identity not valid", "unrecognised message", "missing mandatory element",
         "RNC capacity exceeded", "RNC memory exceeded", "service area broadcast not supported",
         "service area broadcast not operational", "message reference already used", "unspecified error",
         "transfer syntax error", "semantic error", "message not compatible with receiver state",
         "abstract syntax error (reject)", "abstract syntax error (ignore and notify)",
         "abstract syntax error (falsely constructed message)"});
}

// A cause that a peer gives for a cell comes through its list as it is, whatever the form of the cell's name.
void every_cause_of_cbsp_comes_through_a_failure_list() {
    for (unsigned code = 0; code <= 0xff; ++code) {
        const auto cause = static_cast<cbsp::Cause>(code);
        const cbsp::FailureList list{{Ci{1}, cause}, {cbsp::Lai{kPlmn, Lac{7}}, cause}};
        const auto read = cbsp::decode(cbsp::encode(cbsp::Failure{list, {}}));
        CHECK_OK(read);
        CHECK(std::get<cbsp::Failure>(read->message).failures == list);
    }
}

}  // namespace

GROUP(wire_conformance, CASE(sbcap_answers_with_all_they_may_have),
      CASE(sbcap_stop_requests_with_all_they_may_have), CASE(sbcap_indications_with_all_they_may_have),
      CASE(ngap_cancels_with_all_they_may_have), CASE(sabp_answers_with_all_they_may_have),
      CASE(every_cause_of_cbsp_has_its_words), CASE(every_cause_of_sbcap_has_its_words),
      CASE(every_cause_of_sabp_has_its_words), CASE(every_cause_of_cbsp_comes_through_a_failure_list))
