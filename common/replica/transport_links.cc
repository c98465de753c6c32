// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/transport_links.h"

#include <mutex>
#include <utility>

namespace replica {

// Calls that go through are short: they only post to the raft thread.
struct LinkStreams::Gate {
    std::mutex mutex;
    bool is_open = true;
    Accepted accepted;
};

LinkStreams::LinkStreams(Links& links, loop::Loop& loop)
    : links_(links), loop_(loop), gate_(std::make_shared<Gate>()) {
    loop_.post([&links, gate = gate_] {
        links.on_stream([gate](const NodeName& from, base::Fd fd) {
            std::lock_guard hold{gate->mutex};
            if (gate->is_open && gate->accepted) gate->accepted(from, std::move(fd));
        });
    });
}

LinkStreams::~LinkStreams() {
    std::lock_guard hold{gate_->mutex};
    gate_->is_open = false;
    gate_->accepted = nullptr;
}

void LinkStreams::open(const NodeName& to, Opened opened) {
    loop_.post([&links = links_, gate = gate_, to, opened = std::move(opened)] {
        {
            std::lock_guard hold{gate->mutex};
            if (!gate->is_open) return;
        }
        links.open_stream(to, [gate, opened](base::Result<base::Fd> stream) {
            std::lock_guard hold{gate->mutex};
            if (gate->is_open) opened(std::move(stream));
        });
    });
}

void LinkStreams::on_stream(Accepted accepted) {
    std::lock_guard hold{gate_->mutex};
    gate_->accepted = std::move(accepted);
}

}  // namespace replica
