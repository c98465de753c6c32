// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/sctp_source.h"

#include <netinet/ip.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>

#include "common/base/fd.h"
#include "common/net/address.h"

namespace net {
namespace {

// By port, in network order. At most one entry a port; never freed, since the library's threads may send
// late.
struct Sources {
    std::mutex mutex;
    std::map<in_port_t, std::vector<in_addr_t>> of_port;
};
Sources& sources() {
    static Sources& one = *new Sources;
    return one;
}

// What the kernel would send from. 0: it knows no way there.
in_addr_t preferred_towards(in_addr_t destination) {
    const base::Fd probe(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(9);  // nothing is sent
    address.sin_addr.s_addr = destination;
    socklen_t length = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (!probe || connect(probe.get(), any, length) != 0 || getsockname(probe.get(), any, &length) != 0)
        return 0;
    return address.sin_addr.s_addr;
}

bool is_raw_ipv4(int fd) {
    int type = 0, family = 0;
    socklen_t length = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_RAW &&
           getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0 && family == AF_INET;
}

// The beginning of a message that may lie in several pieces.
std::optional<std::array<uint8_t, kSourceOctets>> beginning(const msghdr& message) {
    std::array<uint8_t, kSourceOctets> octets{};
    size_t have = 0;
    for (size_t number = 0; number < message.msg_iovlen && have < octets.size(); ++number) {
        const iovec& piece = message.msg_iov[number];
        const size_t count = std::min(piece.iov_len, octets.size() - have);
        std::memcpy(octets.data() + have, piece.iov_base, count);
        have += count;
    }
    if (have < octets.size()) return std::nullopt;
    return octets;
}

}  // namespace

void may_send_from(const std::vector<Endpoint>& local) {
    std::vector<in_addr_t> hosts;
    in_port_t port = 0;
    for (const Endpoint& one : local) {
        const auto address = resolve(one);
        if (!address || address->storage.ss_family != AF_INET) continue;
        sockaddr_in v4{};
        std::memcpy(&v4, &address->storage, sizeof v4);
        hosts.push_back(v4.sin_addr.s_addr);
        port = v4.sin_port;
    }
    if (port == 0) return;
    const std::lock_guard lock(sources().mutex);
    sources().of_port[port] = std::move(hosts);
}

std::optional<in_addr_t> better_source(std::span<const uint8_t, kSourceOctets> packet) {
    constexpr uint8_t kVersionAndLength = 0x45;  // IPv4, no options
    iphdr header{};
    in_port_t port = 0;
    std::memcpy(&header, packet.data(), sizeof header);
    std::memcpy(&port, packet.data() + sizeof header, sizeof port);
    if (packet[0] != kVersionAndLength) return std::nullopt;
    {
        const std::lock_guard lock(sources().mutex);
        const auto found = sources().of_port.find(port);
        if (found == sources().of_port.end() || found->second.size() < 2) return std::nullopt;
    }
    const in_addr_t preferred = preferred_towards(header.daddr);
    if (preferred == 0 || preferred == header.saddr) return std::nullopt;
    const std::lock_guard lock(sources().mutex);
    const auto& hosts = sources().of_port[port];
    if (std::find(hosts.begin(), hosts.end(), preferred) == hosts.end()) return std::nullopt;
    return preferred;
}

}  // namespace net

// The library gives its packet up afterwards, so it is changed where it lies. The kernel makes the header's
// checksum; SCTP's own leaves the addresses out.
ssize_t farol_usrsctp_sendmsg(int socket, const msghdr* message, int flags) {
    constexpr size_t kSourceAt = offsetof(iphdr, saddr);
    if (net::is_raw_ipv4(socket) && message->msg_iovlen > 0 &&
        message->msg_iov[0].iov_len >= kSourceAt + sizeof(in_addr_t)) {
        const auto packet = net::beginning(*message);
        const auto source = packet ? net::better_source(*packet) : std::nullopt;
        if (source)
            std::memcpy(static_cast<uint8_t*>(message->msg_iov[0].iov_base) + kSourceAt, &*source,
                        sizeof *source);
    }
    return sendmsg(socket, message, flags);
}
