// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The log's streams, as Links makes them. Links lives on a loop of its own; streams are asked for on the raft
// thread.
#pragma once

#include <memory>

#include "common/loop/loop.h"
#include "common/replica/links.h"
#include "common/replica/transport.h"

namespace replica {

class LinkStreams final : public Streams {
 public:
    // Any thread. `links` and its loop outlive this.
    LinkStreams(Links& links, loop::Loop& loop);
    // Nothing is answered or accepted after this.
    ~LinkStreams() override;

    void open(const NodeName& to, Opened opened) override;
    void on_stream(Accepted accepted) override;

 private:
    struct Gate;
    Links& links_;
    loop::Loop& loop_;
    std::shared_ptr<Gate> gate_;  // shared with what the links' loop still has to do
};

}  // namespace replica
