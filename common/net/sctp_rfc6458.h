// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An SctpSocket by the socket API of RFC 6458, which both libraries have with the same names and other
// layouts and numbers. Included by sctp_kernel.cc and sctp_userland.cc alone, each time after the header of
// the library, and in an unnamed namespace, because the types are others in each.
//
// Api is one socket: open (static), set, get, bindx, connectx, listen, sendv, recvv, shut_down,
// remote_addresses, local_addresses, retransmissions, part_in_order. Calls return a negative number and set
// errno when they fail. It closes its socket when it goes, with an abort unless it is to part in order.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "common/net/address.h"
#include "common/net/sctp_address.h"
#include "common/net/sctp_socket.h"

namespace net {
namespace {

template <class Api, class Value>
base::Result<void> set_option(const Api& api, int level, int name, const Value& value, const char* what) {
    if (api.set(level, name, &value, sizeof value) < 0)
        return base::io_error(std::string("SCTP: set ") + what, errno);
    return {};
}

uint32_t milliseconds(std::chrono::milliseconds time) {
    return static_cast<uint32_t>(std::clamp<int64_t>(time.count(), 0, INT32_MAX));
}

template <class Api>
base::Result<void> set_timers(const Api& api, const SctpSettings& settings) {
    sctp_rtoinfo rto{};
    rto.srto_initial = milliseconds(settings.rto_initial);
    rto.srto_min = milliseconds(settings.rto_min);
    rto.srto_max = milliseconds(settings.rto_max);
    if (const auto set = set_option(api, IPPROTO_SCTP, SCTP_RTOINFO, rto, "retransmission time-outs"); !set)
        return set;
    sctp_assocparams association{};
    association.sasoc_asocmaxrxt = settings.association_retransmissions;
    if (const auto set = set_option(api, IPPROTO_SCTP, SCTP_ASSOCINFO, association, "retransmissions"); !set)
        return set;
    sctp_paddrparams path{};
    path.spp_address.ss_family = AF_INET;  // with the "any" address: for all paths to come
    path.spp_hbinterval = milliseconds(settings.heartbeat);
    path.spp_pathmaxrxt = settings.path_retransmissions;
    path.spp_flags = SPP_HB_ENABLE;
    return set_option(api, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, path, "heartbeats");
}

template <class Api>
base::Result<void> subscribe(const Api& api) {
    for (const int type :
         {SCTP_ASSOC_CHANGE, SCTP_PEER_ADDR_CHANGE, SCTP_SHUTDOWN_EVENT, SCTP_PARTIAL_DELIVERY_EVENT}) {
        sctp_event event{};
        event.se_type = static_cast<uint16_t>(type);
        event.se_on = 1;
        if (const auto set = set_option(api, IPPROTO_SCTP, SCTP_EVENT, event, "events"); !set) return set;
    }
    const int on = 1;
    return set_option(api, IPPROTO_SCTP, SCTP_RECVRCVINFO, on, "SCTP_RECVRCVINFO");  // else no PPID is told
}

// Of a socket that will connect or listen; an accepted one has its listener's.
template <class Api>
base::Result<void> set_options(const Api& api, const SctpSettings& settings) {
    sctp_initmsg init{};
    init.sinit_num_ostreams = settings.streams;
    init.sinit_max_instreams = settings.streams;
    init.sinit_max_attempts = settings.association_retransmissions;
    init.sinit_max_init_timeo =
        static_cast<uint16_t>(std::min<uint32_t>(milliseconds(settings.rto_max), UINT16_MAX));
    if (const auto set = set_option(api, IPPROTO_SCTP, SCTP_INITMSG, init, "streams"); !set) return set;
    if (const auto set = set_timers(api, settings); !set) return set;
    const int nodelay = settings.nodelay ? 1 : 0;
    if (const auto set = set_option(api, IPPROTO_SCTP, SCTP_NODELAY, nodelay, "SCTP_NODELAY"); !set)
        return set;
    if (settings.udp_port != 0) {
        sctp_udpencaps udp{};
        udp.sue_address.ss_family = AF_INET;
        udp.sue_port = htons(settings.udp_port);
        if (const auto set =
                set_option(api, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, udp, "UDP port of the peer");
            !set)
            return set;
    }
    return subscribe(api);
}

template <class Api>
base::Result<void> bind_to(const Api& api, const SctpEndpoint& where, int family) {
    auto addresses = pack(where, family);
    if (!addresses) return addresses.error();
    if (api.bindx(*addresses) < 0) {
        const int why = errno;
        const Endpoint shown{where.hosts.empty() ? "" : where.hosts.front(), where.port};
        return base::io_error("SCTP: bind to " + shown.text(), why);
    }
    return {};
}

template <class Api>
base::Result<Api> open_socket(int family, const SctpSettings& settings) {
    auto made = Api::open(family, settings);
    if (!made) return made.error();
    const int off = 0;  // one socket for addresses of both families
    if (family == AF_INET6) (void)made->set(IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (const auto set = set_options(*made, settings); !set) return set.error();
    return made;
}

template <class Api>
struct Outbound {
    Api api;
    PackedAddresses peers;
    std::string remote;
};

template <class Api>
base::Result<Outbound<Api>> open_outbound(const SctpEndpoint& local, const SctpEndpoint& remote,
                                          const SctpSettings& settings) {
    if (remote.hosts.empty()) return base::invalid("SCTP: no address to connect to");
    auto peers = pack(remote, AF_INET);
    if (!peers) return peers.error();
    const auto mine = pack(local, peers->family);
    if (!mine) return mine.error();
    const int family = mine->family == AF_INET6 ? AF_INET6 : peers->family;
    auto made = open_socket<Api>(family, settings);
    if (!made) return made.error();
    if (!local.hosts.empty() || local.port != 0) {
        if (const auto bound = bind_to(*made, local, family); !bound) return bound.error();
    }
    const Endpoint shown{remote.hosts.front(), remote.port};
    return Outbound<Api>{std::move(*made), std::move(*peers), shown.text()};
}

constexpr int kBacklog = 64;

template <class Api>
base::Result<Api> open_listening(const SctpEndpoint& local, const SctpSettings& settings) {
    const auto where = pack(local, AF_INET6);
    if (!where) return where.error();
    auto made = open_socket<Api>(where->family, settings);
    if (!made) return made.error();
    if (const auto bound = bind_to(*made, local, where->family); !bound) return bound.error();
    if (made->listen(kBacklog) < 0) return base::io_error("SCTP: listen", errno);
    return made;
}

template <class Api>
Endpoint bound_endpoint(const Api& api, const SctpEndpoint& asked) {
    const auto mine = api.local_addresses();
    return {asked.hosts.empty() ? "" : asked.hosts.front(), mine.empty() ? asked.port : mine.front().port};
}

SctpIncoming association_change(const sctp_assoc_change& change) {
    using Kind = SctpIncoming::Kind;
    SctpIncoming incoming;
    incoming.kind = change.sac_state == SCTP_COMM_UP          ? Kind::kUp
                    : change.sac_state == SCTP_COMM_LOST      ? Kind::kLost
                    : change.sac_state == SCTP_RESTART        ? Kind::kRestarted
                    : change.sac_state == SCTP_SHUTDOWN_COMP  ? Kind::kEnded
                    : change.sac_state == SCTP_CANT_STR_ASSOC ? Kind::kNotUp
                                                              : Kind::kOther;
    return incoming;
}

// `octets` is what the library wrote; shorter than its kind should be, it is passed over.
SctpIncoming read_notification(std::span<const uint8_t> octets) {
    SctpIncoming incoming;
    incoming.kind = SctpIncoming::Kind::kOther;
    sctp_notification event{};
    std::memcpy(&event, octets.data(), std::min(octets.size(), sizeof event));
    const auto type = static_cast<int>(event.sn_header.sn_type);
    if (octets.size() < sizeof event.sn_header) return incoming;
    if (type == SCTP_ASSOC_CHANGE && octets.size() >= sizeof(sctp_assoc_change))
        return association_change(event.sn_assoc_change);
    if (type == SCTP_PEER_ADDR_CHANGE && octets.size() >= sizeof(sctp_paddr_change)) {
        const sctp_paddr_change& change = event.sn_paddr_change;
        sockaddr_storage address{};
        std::memcpy(&address, &change.spc_aaddr, sizeof address);
        incoming.kind = SctpIncoming::Kind::kPath;
        incoming.host = endpoint_of(reinterpret_cast<const sockaddr*>(&address), sizeof address).host;
        incoming.removed = change.spc_state == SCTP_ADDR_REMOVED;
    } else if (type == SCTP_SHUTDOWN_EVENT) {
        incoming.kind = SctpIncoming::Kind::kClosing;
    } else if (type == SCTP_PARTIAL_DELIVERY_EVENT) {
        incoming.kind = SctpIncoming::Kind::kBroken;
    }
    return incoming;
}

SctpPathState path_state(int state) {
    if (state == SCTP_ACTIVE) return SctpPathState::kActive;
    if (state == SCTP_UNCONFIRMED) return SctpPathState::kUnconfirmed;
#ifdef SCTP_POTENTIALLY_FAILED
    if (state == SCTP_POTENTIALLY_FAILED) return SctpPathState::kPotentiallyFailed;
#endif
    return SctpPathState::kInactive;
}

template <class Api>
class Rfc6458Socket : public SctpSocket {
 public:
    Rfc6458Socket(loop::Loop& loop, Api api, PackedAddresses peers)
        : loop_(loop), api_(std::move(api)), peers_(std::move(peers)) {}

    void watch(std::function<void()> ready) override {
        ready_ = std::make_shared<const std::function<void()>>(std::move(ready));
    }
    void look_again() override {
        again_ = loop_.after(std::chrono::microseconds{0}, [this] { call_ready(); });
    }
    int connect() override { return api_.connectx(peers_) < 0 ? errno : 0; }

    SctpIncoming receive(std::span<uint8_t> into) override {
        SctpIncoming incoming;
        sctp_rcvinfo info{};
        bool has_info = false;
        int flags = 0;
        const ssize_t count = api_.recvv(into, info, has_info, flags);
        if (count < 0) {
            if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return incoming;
            incoming.kind = SctpIncoming::Kind::kFailed;
            incoming.error = errno;
            return incoming;
        }
        if (flags & MSG_NOTIFICATION) return read_notification(into.first(static_cast<size_t>(count)));
        incoming.kind = count == 0 ? SctpIncoming::Kind::kEnded : SctpIncoming::Kind::kPart;
        incoming.octets = static_cast<size_t>(count);
        incoming.last = (flags & MSG_EOR) != 0;
        if (has_info) {
            incoming.stream = info.rcv_sid;
            incoming.ppid = ntohl(info.rcv_ppid);
        }
        return incoming;
    }

    SctpTaken send(const SctpMessage& message) override {
        sctp_sndinfo info{};
        info.snd_sid = message.stream;
        info.snd_ppid = htonl(message.ppid);
        if (api_.sendv(message.octets, info) >= 0) return SctpTaken::kYes;
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? SctpTaken::kLater : SctpTaken::kNo;
    }

    size_t largest() const override { return api_.largest(); }
    void shut_down() override { api_.shut_down(); }
    void part_in_order() override { api_.part_in_order(); }

    int pending_error() override {
        int error = 0;
        socklen_t length = sizeof error;
        return api_.get(SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? 0 : error;
    }

    SctpUp addresses() const override {
        SctpUp up;
        up.local = api_.local_addresses();
        up.remote = api_.remote_addresses();
        const sctp_status status = this->status();
        up.streams_in = status.sstat_instrms;
        up.streams_out = status.sstat_outstrms;
        return up;
    }

    std::vector<SctpPath> paths() const override {
        const std::string primary = host_of(this->status().sstat_primary.spinfo_address);
        std::vector<SctpPath> all;
        for (const Endpoint& one : api_.remote_addresses()) all.push_back(path(one, one.host == primary));
        return all;
    }

    uint64_t retransmissions() const override { return api_.retransmissions(); }

 protected:
    // A copy is called: the socket may be destroyed by it.
    void call_ready() {
        const auto ready = ready_;
        if (ready) (*ready)();
    }

    loop::Loop& loop_;  // outlives this
    Api api_;

 private:
    template <class Storage>
    static std::string host_of(const Storage& packed) {
        sockaddr_storage address{};
        std::memcpy(&address, &packed, sizeof address);
        return endpoint_of(reinterpret_cast<const sockaddr*>(&address), sizeof address).host;
    }
    sctp_status status() const {
        sctp_status status{};
        socklen_t length = sizeof status;
        if (api_.get(IPPROTO_SCTP, SCTP_STATUS, &status, &length) < 0) return {};
        return status;
    }
    SctpPath path(const Endpoint& peer, bool primary) const {
        SctpPath path;
        path.host = peer.host;
        path.primary = primary;
        const auto address = resolve(peer);
        sctp_paddrinfo info{};
        socklen_t length = sizeof info;
        if (!address) return path;
        std::memcpy(&info.spinfo_address, &address->storage, sizeof address->storage);
        if (api_.get(IPPROTO_SCTP, SCTP_GET_PEER_ADDR_INFO, &info, &length) < 0) return path;
        path.state = path_state(info.spinfo_state);
        path.smoothed_round_trip = std::chrono::milliseconds{info.spinfo_srtt};
        path.retransmission_timeout = std::chrono::milliseconds{info.spinfo_rto};
        return path;
    }

    PackedAddresses peers_;
    std::shared_ptr<const std::function<void()>> ready_;
    loop::HandlePtr again_;
};

}  // namespace
}  // namespace net
