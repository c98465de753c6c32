// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/cbsp_upkeep.h"

#include <algorithm>
#include <utility>

#include "cbc/wire/cbsp_procedures.h"

namespace cbc {
namespace {

constexpr uint32_t kUnansweredMax = 2;

Procedure procedure_of(cbsp::MessageType type) {
    return type == cbsp::MessageType::kSetDrx ? Procedure::kSetDrx : Procedure::kLoadQuery;
}

}  // namespace

CbspUpkeep::CbspUpkeep(Parts parts, logs::Log log, Calls calls)
    : parts_(parts), log_(std::move(log)), calls_(std::move(calls)) {}

void CbspUpkeep::link_up() {
    up_ = true;
    unanswered_ = 0;
    if (parts_.manner.drx)
        set_drx();
    else
        wait();
}

void CbspUpkeep::link_down() {
    up_ = false;
    out_.reset();
    timer_.reset();
}

void CbspUpkeep::data_lost() {
    if (up_ && parts_.manner.drx && !out_) set_drx();
}

void CbspUpkeep::test() {
    if (up_ && !out_) query_load();
}

std::optional<base::Ticks> CbspUpkeep::asked() const {
    return out_ ? std::optional<base::Ticks>{out_->sent} : std::nullopt;
}

void CbspUpkeep::wait() {
    timer_.reset();
    const auto period = parts_.tuning.load_query_period;
    if (period.count() == 0 || (unanswered_ >= kUnansweredMax && !knows_query_)) return;
    timer_ = parts_.timers.after(period, [this] {
        // A link that is busy needs no test.
        if (calls_.busy())
            wait();
        else
            query_load();
    });
}

void CbspUpkeep::set_drx() {
    const DrxLevel level = *parts_.manner.drx;
    drx_ = DrxOutcome{level, parts_.clock.now()};
    ask(cbsp::SetDrx{cbsp::AllCells{}, level.schedule_period, level.reserved_slots, parts_.manner.channel});
}

void CbspUpkeep::query_load() { ask(cbsp::LoadQuery{cbsp::AllCells{}, parts_.manner.channel}); }

void CbspUpkeep::ask(const cbsp::Message& message) {
    out_ = Question{cbsp::type_of(message), parts_.clock.ticks()};
    timer_ = parts_.timers.after(parts_.tuning.answer_timeout, [this] { timed_out(); });
    calls_.write(message);
}

void CbspUpkeep::timed_out() {
    if (out_->type == cbsp::MessageType::kLoadQuery) ++unanswered_;
    conclude(RequestResult::kTimeout, 0, nullptr);
}

bool CbspUpkeep::take_answer(const cbsp::Message& message) {
    if (!out_ || cbsp::request_of(cbsp::type_of(message)) != out_->type) return false;
    unanswered_ = 0;
    knows_query_ = knows_query_ || out_->type == cbsp::MessageType::kLoadQuery;
    if (const auto* loads = std::get_if<cbsp::LoadQueryComplete>(&message))
        conclude(RequestResult::kComplete, 0, &loads->loads);
    else if (const auto* some = std::get_if<cbsp::LoadQueryFailure>(&message))
        conclude(RequestResult::kFailure, some->failures.size(), some->loads ? &*some->loads : nullptr);
    else if (const auto* refused = std::get_if<cbsp::SetDrxFailure>(&message))
        conclude(RequestResult::kFailure, refused->failures.size(), nullptr);
    else
        conclude(RequestResult::kComplete, 0, nullptr);
    return true;
}

bool CbspUpkeep::take_error(cbsp::Cause cause) {
    if (!out_) return false;
    // It does not know the question, and will not know it in a minute.
    if (cause == cbsp::Cause::kUnrecognisedMessage && out_->type == cbsp::MessageType::kLoadQuery)
        unanswered_ = kUnansweredMax;
    conclude(RequestResult::kError, 0, nullptr);
    return true;
}

void CbspUpkeep::conclude(RequestResult result, size_t failed, const cbsp::LoadList* loads) {
    const Question done = *std::exchange(out_, std::nullopt);
    const auto took = parts_.clock.ticks() - done.sent;
    parts_.metrics.requested(procedure_of(done.type), result, took);
    if (done.type == cbsp::MessageType::kSetDrx) {
        drx_->result = result;
        drx_->at = parts_.clock.now();
        drx_->failed = failed;
        if (result != RequestResult::kComplete)
            log_.warning("cbsp.drx.not_set", {{"result", to_string(result)}, {"cells", failed}});
    } else {
        LinkTest test{.at = parts_.clock.now(), .result = result, .took = took, .failed = failed};
        if (loads != nullptr) test.cells = loads->size();
        if (test.cells > 0)
            test.busiest = *std::max_element(loads->begin(), loads->end(), [](const auto& a, const auto& b) {
                return std::max(a.load_1, a.load_2) < std::max(b.load_1, b.load_2);
            });
        last_test_ = std::move(test);
    }
    wait();
    calls_.concluded();
}

}  // namespace cbc
