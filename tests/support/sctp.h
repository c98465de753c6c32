// SPDX-License-Identifier: AGPL-3.0-or-later
//
// For tests of SCTP: the back ends that this machine has, and two ends of one association on a loop.
//
// Userland is everywhere, in UDP on a free port of the loopback: no rights needed, and other tests on this
// machine do not hear it. The kernel's is there where the kernel has it (a guest in QEMU, see tests/sctp).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/net/sctp.h"
#include "tests/support/loop.h"

namespace test {

// Runs the body once for each back end of this machine, or for the one that FAROL_TEST_SCTP names.
void on_each_sctp(const std::function<void(net::SctpTransport)>& body);
uint16_t free_udp_port();

// What one end has met.
struct SctpEnd {
    net::SctpAssociationPtr association;
    std::optional<net::SctpUp> up;
    struct Message {
        uint16_t stream;
        uint32_t ppid;
        base::Bytes octets;
    };
    std::vector<Message> messages;
    std::vector<net::SctpPath> paths;
    std::optional<net::CloseReason> closed;
    int times_closed = 0;
    int drained = 0;

    void start(net::SctpAssociationPtr with);
};

struct SctpBench {
    explicit SctpBench(net::SctpTransport transport, net::SctpSettings ours_settings = {},
                       net::SctpSettings theirs_settings = {});
    void connect();  // both ends are up afterwards
    net::SctpAssociationPtr connection(std::vector<std::string> hosts, uint16_t port);
    void run(const std::function<bool()>& is_done) const { run_until(*loop, is_done); }

    std::unique_ptr<loop::Loop> loop;
    std::unique_ptr<net::Sctp> sctp;
    net::SctpSettings settings;
    net::SctpListenerPtr listener;
    SctpEnd ours, theirs;
};

}  // namespace test
