// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a link asks of its BSC on its own account, beside the warnings: SET-DRX once the link is up (where the
// configuration wants it), and LOAD QUERY while nothing else is asked: a test of the whole way to the cells
// that broadcasts nothing. TS 48.049 §7.4, §7.6.
//
// One question is out at a time, and it never holds up a warning's request. A BSC that has answered none and
// leaves two LOAD QUERYs unanswered does not know them (osmo-bsc 1.9): it is asked no more while the link
// lasts, unless somebody wants it. An unanswered question is never held against the link; that is for
// KEEP-ALIVE.
//
// Single-threaded, on the loop's thread. Durations are milliseconds, loads are percent.
#pragma once

#include <array>
#include <functional>
#include <optional>

#include "cbc/net/cbsp_manner.h"
#include "cbc/net/link_metrics.h"
#include "common/log/log.h"
#include "common/loop/loop.h"

namespace cbc {

inline constexpr std::array kCbspProcedures{
    Procedure::kWriteReplace, Procedure::kKill,  Procedure::kStatusQuery, Procedure::kLoadQuery,
    Procedure::kSetDrx,       Procedure::kReset, Procedure::kKeepAlive};

struct UpkeepTuning {
    std::chrono::milliseconds load_query_period{60'000};  // 0: never by itself
    std::chrono::milliseconds answer_timeout{3'000};
};

// What came of the last LOAD QUERY.
struct LinkTest {
    base::Instant at;  // of the answer, or of giving up
    RequestResult result;
    std::chrono::microseconds took;
    size_t cells = 0;   // that told their load
    size_t failed = 0;  // that could not
    std::optional<cbsp::LoadedCell> busiest{};
};

// What came of the last SET-DRX; `result` is absent while it is out.
struct DrxOutcome {
    DrxLevel level;
    base::Instant at;
    std::optional<RequestResult> result{};
    size_t failed = 0;  // cells that refused it
};

class CbspUpkeep {
 public:
    struct Parts {  // all outlive this
        loop::Timers& timers;
        const base::Clock& clock;
        const LinkMetrics& metrics;
        const UpkeepTuning& tuning;
        const CbspManner& manner;
    };
    struct Calls {
        std::function<void(const cbsp::Message&)> write;
        std::function<bool()> busy;       // requests wait or are out
        std::function<void()> concluded;  // last_test() or drx() has changed
    };

    CbspUpkeep(Parts parts, logs::Log log, Calls calls);

    void link_up();
    void link_down();
    void data_lost();  // a restarted BSC has forgotten its DRX level
    // LOAD QUERY now. Nothing when the link is down or a question is out; its answer serves as well.
    void test();

    // Whether it answers what is out.
    bool take_answer(const cbsp::Message& message);
    // An ERROR INDICATION that names no message.
    bool take_error(cbsp::Cause cause);
    // When what is out was asked.
    std::optional<base::Ticks> asked() const;

    const std::optional<LinkTest>& last_test() const { return last_test_; }
    const std::optional<DrxOutcome>& drx() const { return drx_; }

 private:
    struct Question {
        cbsp::MessageType type;
        base::Ticks sent;
    };
    void wait();
    void set_drx();
    void query_load();
    void ask(const cbsp::Message& message);
    void timed_out();
    void conclude(RequestResult result, size_t failed, const cbsp::LoadList* loads);

    Parts parts_;
    logs::Log log_;
    Calls calls_;
    bool up_ = false;
    uint32_t unanswered_ = 0;   // LOAD QUERYs in a row
    bool knows_query_ = false;  // it has answered one
    std::optional<Question> out_;
    loop::HandlePtr timer_;  // of the question, or until the next one
    std::optional<LinkTest> last_test_;
    std::optional<DrxOutcome> drx_;
};

}  // namespace cbc
