// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/sctp.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>

#include "common/base/fd.h"
#include "tests/support/test.h"

namespace test {

void on_each_sctp(const std::function<void(net::SctpTransport)>& body) {
    const char* asked = std::getenv("FAROL_TEST_SCTP");
    const auto only = net::sctp_transport_from(asked != nullptr ? asked : "auto");
    CHECK(only.has_value());
    if (*only != net::SctpTransport::kAuto) return body(*only);
#if !defined( \
    __SANITIZE_THREAD__)  // libusrsctp's threads are not built with it: it would report their every step
    body(net::SctpTransport::kUserland);
#endif
    const base::Fd probe(socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP));
    if (probe) body(net::SctpTransport::kKernel);
}

uint16_t free_udp_port() {
    const base::Fd probe(socket(AF_INET, SOCK_DGRAM, 0));
    sockaddr_in any{};
    any.sin_family = AF_INET;
    socklen_t length = sizeof any;
    CHECK_EQ(bind(probe.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
    CHECK_EQ(getsockname(probe.get(), reinterpret_cast<sockaddr*>(&any), &length), 0);
    return ntohs(any.sin_port);
}

void SctpEnd::start(net::SctpAssociationPtr with) {
    association = std::move(with);
    association->start(
        {.on_up = [this](const net::SctpUp& told) { up = told; },
         .on_message =
             [this](const net::SctpMessage& one) {
                 messages.push_back({one.stream, one.ppid, {one.octets.begin(), one.octets.end()}});
             },
         .on_path = [this](const net::SctpPath& path) { paths.push_back(path); },
         .on_closed =
             [this](net::CloseReason reason) {
                 closed = reason;
                 ++times_closed;
             },
         .on_drained = [this] { ++drained; }});
}

SctpBench::SctpBench(net::SctpTransport transport, net::SctpSettings ours_settings,
                     net::SctpSettings theirs_settings)
    : loop(std::move(*loop::Loop::create())), settings(ours_settings) {
    if (transport == net::SctpTransport::kUserland) settings.udp_port = free_udp_port();
    auto made = net::Sctp::create(*loop, {transport, settings.udp_port});
    CHECK_OK(made);
    sctp = std::move(*made);
    theirs_settings.udp_port = settings.udp_port;
    auto listening =
        sctp->listen({{"127.0.0.1"}, 0}, theirs_settings,
                     [this](net::SctpAssociationPtr accepted) { theirs.start(std::move(accepted)); });
    CHECK_OK(listening);
    listener = std::move(*listening);
}

net::SctpAssociationPtr SctpBench::connection(std::vector<std::string> hosts, uint16_t port) {
    auto made = sctp->connect({}, {std::move(hosts), port}, settings);
    CHECK_OK(made);
    return std::move(*made);
}

void SctpBench::connect() {
    ours.start(connection({"127.0.0.1"}, listener->bound().port));
    run([this] { return ours.up && theirs.up; });
}

}  // namespace test
