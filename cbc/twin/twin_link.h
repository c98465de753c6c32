// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Follows the twin: asks it for what has changed there (a call that the twin answers when there is something,
// or after a third of a lease), fetches the alerts that are not known here, has them stored, and asks again.
//
// What it has read counts when it is stored; until then, and after every loss of contact, it reads from the
// beginning, so a page that comes twice or late changes nothing. One call is out at a time. On the loop's
// thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cbc/twin/twin_page.h"
#include "common/http/client.h"
#include "common/log/log.h"
#include "common/loop/loop.h"

namespace cbc {

class TwinLink {
 public:
    struct Tuning {
        std::string url;  // https://host:port
        std::chrono::milliseconds lease{3'000};
    };
    // http::Client, or a script in tests. It answers later, once.
    using Call = std::function<void(http::ClientRequest, http::Client::OnResponse)>;
    struct Calls {
        Call call;
        std::function<Held(AlertId)> held;
        std::function<void(const TwinPage&)> heard;
        // It has answered something else than a page.
        std::function<void(std::chrono::milliseconds lease)> heard_again;
        // Makes them durable; `done` is called later, with whether they are.
        std::function<void(std::vector<TwinAlert>, std::function<void(bool)> done)> store;
        std::function<void(const TwinRecord&)> learn;
        std::function<void(AlertId)> conflict;
        std::function<void()> caught_up;
    };

    // `timers` and `clock` outlive it.
    TwinLink(loop::Timers& timers, const base::Clock& clock, Tuning tuning, Calls calls, logs::Log log);

    void start() { poll(); }
    void stop();
    // The contact is lost: from now on everything is read again.
    void forget();
    // Why it was not heard last; empty: it was.
    const std::string& trouble() const { return trouble_; }

 private:
    void poll();
    void wait_and_poll(std::chrono::milliseconds pause);
    void get(const std::string& path, std::chrono::milliseconds timeout,
             std::function<void(const std::string& body)> take);
    void take_page(const std::string& body);
    void fetch();
    void take_alerts(const std::string& body, const std::vector<AlertId>& asked);
    void conclude();
    void fail(std::string why);

    loop::Timers& timers_;
    const base::Clock& clock_;
    const Tuning tuning_;
    Calls calls_;
    logs::Log log_;
    std::string instance_;
    uint64_t after_ = 0;
    uint64_t state_ = 0;
    bool caught_up_ = false;
    base::Ticks asked_at_;
    TwinPage page_;               // that is being worked off
    std::deque<AlertId> wanted_;  // of it
    std::string trouble_;
    uint32_t failures_ = 0;  // in a row
    bool stopped_ = false;
    loop::HandlePtr pause_;
    std::shared_ptr<bool> alive_;  // false: answers of calls under way are for nobody
};

}  // namespace cbc
