// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A link's requests: each in one transfer or several, one after another. See n50_link.h.
#include "cbc/domain/place_match.h"
#include "cbc/net/n50_link.h"
#include "cbc/wire/n50_json.h"
#include "cbc/wire/ngap_codec.h"
#include "common/http/multipart.h"

namespace cbc {
namespace {

constexpr std::chrono::milliseconds kSoon{1'000};

base::Result<http::Multipart> body_of(const N50Transfer& transfer) {
    const auto ngap = ngap::encode(transfer.message);
    if (!ngap) return ngap.error();
    return http::build_related(
        {{"application/json", "", n50::encode(transfer.request)},
         {"application/vnd.3gpp.ngap", transfer.request.content_id, std::string(base::as_text(*ngap))}});
}

}  // namespace

// Everything is encoded before the first transfer: a request goes out whole or not at all.
base::Result<void> N50Link::put(const PeerRequest& request) {
    auto transfers = to_n50(request, parts_.manner, parts_.area_of);
    if (!transfers) return transfers.error();
    for (const N50Transfer& one : *transfers)
        if (auto body = body_of(one); !body) return body.error();
    work_ = Work{std::move(*transfers)};
    ++work_number_;
    transfer();
    return {};
}

void N50Link::transfer() {
    auto body = body_of(work_->transfers.at(work_->next));
    if (!body) return;  // encoded once already
    if (const auto ngap = ngap::encode(work_->transfers.at(work_->next).message))
        parts_.owner.pdu(standing_.name(), PduDirection::kSent, *ngap);
    caller_.ask(http::Method::kPost, url("/transfer"), std::move(body->content_type), std::move(body->body),
                [this, number = work_number_](const base::Result<http::Response>& answer) {
                    transferred(number, answer);
                });
}

void N50Link::transferred(uint64_t number, const base::Result<http::Response>& answer) {
    // The queue may have given it up meanwhile.
    if (number != work_number_ || !work_ || !queue_.out()) return;
    if (!answer) {
        switch (answer.error().kind) {
            case base::ErrorKind::kTimeout:
                // What became of it is unknown: the queue's timer says so. Is the AMF there at all?
                work_.reset();
                return renew_after(std::chrono::milliseconds{0});
            case base::ErrorKind::kLimit:
            case base::ErrorKind::kInvalid:
                refused(work_->transfers.at(work_->next), kCauseContradiction, answer.error().text);
                break;
            default:
                return fail(answer.error().text);
        }
    } else if (answer->status >= 200 && answer->status < 300) {
        accepted(work_->transfers.at(work_->next), *answer);
    } else {
        const n50::Refusal why = n50::read_refusal(answer->body);
        refused(work_->transfers.at(work_->next), cause_of(answer->status, why),
                why.cause.empty() ? why.detail : why.cause);
    }
    if (++work_->next < work_->transfers.size()) return transfer();
    work_done();
}

void N50Link::accepted(const N50Transfer& transfer, const http::Response& response) {
    const auto answer = n50::read_transfer_answer(response.body);
    if (!answer) {  // it took the request, whatever it meant to say besides
        parts_.metrics.odd(Oddity::kUndecodable);
        log_.warning("n50.answer.unreadable", {{"reason", answer.error().text}});
    }
    const auto unknown = answer ? unknown_in(transfer, *answer) : std::vector<CellFailure>{};
    work_->failed.insert(work_->failed.end(), unknown.begin(), unknown.end());
    PlaceMatch<Cause> failed;
    for (const CellFailure& one : unknown) failed.add(one.cell, one.cause);
    if (transfer.places.empty()) work_->done.emplace_back();
    for (const Place& place : transfer.places)
        if (failed.find(&place) == nullptr) work_->done.push_back(exactly(place));
    if (!answer || !answer->subscription_missing) return;
    log_.notice("n50.subscription.lost", {});
    renew_after(kSoon);
}

void N50Link::refused(const N50Transfer& transfer, Cause cause, const std::string& detail) {
    log_.warning("n50.request.refused", {{"message_id", transfer.request.message_identifier.value()},
                                         {"serial", transfer.request.serial.value()},
                                         {"cause", text_of(cause)},
                                         {"detail", detail}});
    if (transfer.places.empty()) work_->failed.push_back({PlacePattern{}, cause});
    for (const Place& place : transfer.places) work_->failed.push_back({exactly(place), cause});
}

void N50Link::work_done() {
    Work done = *std::exchange(work_, std::nullopt);
    PeerAnswer answer;
    answer.failed = std::move(done.failed);
    answer.done = std::move(done.done);
    if (answer.done.empty()) answer.kind = AnswerKind::kFailure;
    const bool complete = answer.failed.empty();
    queue_.finish(answer, complete ? RequestResult::kComplete : RequestResult::kFailure);
}

}  // namespace cbc
