// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The thread that libraft lives on, with its libuv loop. Nothing else in a daemon uses libuv.
//
// Everything of libraft is called on this thread only. Others reach it by post().
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "common/base/guarded.h"
#include "common/base/result.h"
#include "common/loop/loop.h"

struct uv_loop_s;

namespace replica {

class RaftThread final : public loop::Timers {
 public:
    static base::Result<std::unique_ptr<RaftThread>> start();
    // Runs what was posted before. Timers, streams and logs on the loop must have been closed.
    ~RaftThread() override;
    RaftThread(const RaftThread&) = delete;
    RaftThread& operator=(const RaftThread&) = delete;

    // Any thread; in order.
    void post(loop::Job job);

    // The following on the thread itself only.
    loop::HandlePtr after(std::chrono::microseconds delay, loop::Job job) override;
    loop::HandlePtr every(std::chrono::microseconds period, loop::Job job) override;
    uv_loop_s* loop();
    bool here() const { return std::this_thread::get_id() == thread_.get_id(); }

 private:
    struct Uv;
    RaftThread();
    void run_posted();

    std::unique_ptr<Uv> uv_;
    base::Guarded<std::vector<loop::Job>> posted_;
    std::thread thread_;
};

}  // namespace replica
