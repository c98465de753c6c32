// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/sctp_kernel.h"

#include <netinet/in.h>
#include <netinet/sctp.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <utility>

#include "common/base/fd.h"
#include "common/net/sctp_association.h"
#include "common/net/sctp_rfc6458.h"

namespace net {
namespace {

constexpr std::chrono::milliseconds kPause{100};  // after accept() failed, most often for want of descriptors
constexpr uint32_t kExposed = 2;                  // SCTP_PF_EXPOSE_ENABLE, which the header leaves out
constexpr const char* kUdpPortFile = "/proc/sys/net/sctp/udp_port";

class KernelApi {
 public:
    explicit KernelApi(base::Fd fd) : fd_(std::move(fd)) {}
    KernelApi(KernelApi&&) noexcept = default;
    KernelApi& operator=(KernelApi&&) = delete;
    ~KernelApi() {
        if (!fd_) return;
        const linger abort{1, 0};
        if (aborts_) set(SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    }

    static base::Result<KernelApi> open(int family, const SctpSettings& settings) {
        base::Fd fd(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_SCTP));
        if (!fd) return base::io_error("SCTP: socket of the kernel", errno);
        KernelApi made(std::move(fd));
        const auto room = static_cast<int>(std::min<size_t>(settings.message_octets, INT32_MAX / 4));
        made.make_room(SO_SNDBUFFORCE, SO_SNDBUF, room);
        made.make_room(SO_RCVBUFFORCE, SO_RCVBUF, room);
        // RFC 7829's state between active and inactive is told when asked for.
        sctp_assoc_value expose{};
        expose.assoc_value = kExposed;
        (void)made.set(IPPROTO_SCTP, SCTP_EXPOSE_POTENTIALLY_FAILED_STATE, &expose, sizeof expose);
        return made;
    }

    int set(int level, int name, const void* value, socklen_t length) const {
        return setsockopt(fd_.get(), level, name, value, length);
    }
    int get(int level, int name, void* value, socklen_t* length) const {
        return getsockopt(fd_.get(), level, name, value, length);
    }
    int bindx(PackedAddresses& where) const {
        return sctp_bindx(fd_.get(), where.get(), where.count, SCTP_BINDX_ADD_ADDR);
    }
    int connectx(PackedAddresses& peers) const {
        sctp_assoc_t id = 0;
        return sctp_connectx(fd_.get(), peers.get(), peers.count, &id);
    }
    int listen(int backlog) const { return ::listen(fd_.get(), backlog); }
    ssize_t sendv(base::ByteView octets, sctp_sndinfo& info) const {
        iovec whole{const_cast<uint8_t*>(octets.data()), octets.size()};
        return sctp_sendv(fd_.get(), &whole, 1, nullptr, 0, &info, sizeof info, SCTP_SENDV_SNDINFO,
                          MSG_NOSIGNAL);
    }
    ssize_t recvv(std::span<uint8_t> into, sctp_rcvinfo& info, bool& has_info, int& flags) const {
        iovec whole{into.data(), into.size()};
        socklen_t info_length = sizeof info;
        unsigned type = SCTP_RECVV_NOINFO;
        const ssize_t count =
            sctp_recvv(fd_.get(), &whole, 1, nullptr, nullptr, &info, &info_length, &type, &flags);
        has_info = type == SCTP_RECVV_RCVINFO;
        return count;
    }
    void part_in_order() { aborts_ = false; }
    void shut_down() const { shutdown(fd_.get(), SHUT_WR); }
    std::vector<Endpoint> remote_addresses() const {
        sockaddr* packed = nullptr;
        const int count = sctp_getpaddrs(fd_.get(), 0, &packed);
        if (count <= 0) return {};
        const auto all = unpack(packed, count);
        sctp_freepaddrs(packed);
        return all;
    }
    std::vector<Endpoint> local_addresses() const {
        sockaddr* packed = nullptr;
        const int count = sctp_getladdrs(fd_.get(), 0, &packed);
        if (count <= 0) return {};
        const auto all = unpack(packed, count);
        sctp_freeladdrs(packed);
        return all;
    }
    uint64_t retransmissions() const {
        sctp_assoc_stats figures{};
        socklen_t length = sizeof figures;
        if (fd_ && get(IPPROTO_SCTP, SCTP_GET_ASSOC_STATS, &figures, &length) == 0)
            last_retransmissions_ = figures.sas_rtxchunks;
        return last_retransmissions_;
    }
    // The kernel refuses a longer message.
    size_t largest() const {
        int room = 0;
        socklen_t length = sizeof room;
        return get(SOL_SOCKET, SO_SNDBUF, &room, &length) == 0 ? static_cast<size_t>(room) : 0;
    }
    int fd() const { return fd_.get(); }

 private:
    // Beyond net.core.wmem_max and rmem_max only with CAP_NET_ADMIN, else up to them; never less than there
    // is.
    void make_room(int force, int name, int room) const {
        int now = 0;
        socklen_t length = sizeof now;
        if (get(SOL_SOCKET, name, &now, &length) == 0 && now >= room) return;
        if (set(SOL_SOCKET, force, &room, sizeof room) < 0) (void)set(SOL_SOCKET, name, &room, sizeof room);
    }

    base::Fd fd_;
    bool aborts_ = true;
    mutable uint64_t last_retransmissions_ = 0;  // the kernel forgets it with the association
};

class KernelSocket;
struct Associations {
    std::set<const KernelSocket*> alive;
    uint64_t retransmissions_of_ended = 0;
};

class KernelSocket final : public Rfc6458Socket<KernelApi> {
 public:
    KernelSocket(loop::Loop& loop, std::shared_ptr<Associations> all, KernelApi api, PackedAddresses peers)
        : Rfc6458Socket(loop, std::move(api), std::move(peers)), all_(std::move(all)) {
        all_->alive.insert(this);
    }
    ~KernelSocket() override {
        all_->retransmissions_of_ended += retransmissions();
        all_->alive.erase(this);
    }
    void want(Reading reading, bool writing) override {
        const auto wanted = std::pair(reading, writing);
        if (wanted_ == wanted) return;
        wanted_ = wanted;
        watched_.reset();
        if (reading == Reading::kPaused && !writing) return;
        const auto interest = reading == Reading::kPaused ? loop::Interest::kWrite
                              : writing                   ? loop::Interest::kReadWrite
                                                          : loop::Interest::kRead;
        watched_ = loop_.watch(api_.fd(), interest, [this](loop::Readiness) { call_ready(); });
    }

 private:
    std::shared_ptr<Associations> all_;
    std::optional<std::pair<Reading, bool>> wanted_;
    loop::HandlePtr watched_;
};

class KernelListener final : public SctpListener {
 public:
    KernelListener(loop::Loop& loop, std::shared_ptr<Associations> all, KernelApi api, Endpoint bound,
                   const SctpSettings& settings, OnAccept on_accept)
        : loop_(loop),
          all_(std::move(all)),
          api_(std::move(api)),
          bound_(std::move(bound)),
          settings_(settings),
          on_accept_(std::make_shared<const OnAccept>(std::move(on_accept))) {
        listen();
    }
    const Endpoint& bound() const override { return bound_; }

 private:
    void listen() {
        watched_ = loop_.watch(api_.fd(), loop::Interest::kRead, [this](loop::Readiness) { accept_one(); });
    }
    void accept_one() {
        Address from;
        from.length = sizeof from.storage;
        base::Fd accepted(accept4(api_.fd(), from.get(), &from.length, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!accepted) {
            if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return;
            watched_.reset();
            paused_ = loop_.after(kPause, [this] { listen(); });
            return;
        }
        const auto on_accept = on_accept_;  // the listener may be destroyed by it
        (*on_accept)(std::make_unique<SctpOnSocket>(
            loop_,
            std::make_unique<KernelSocket>(loop_, all_, KernelApi(std::move(accepted)), PackedAddresses{}),
            SctpOnSocket::Origin::kAccepted, endpoint_of(from.get(), from.length).text(), settings_));
    }

    loop::Loop& loop_;  // outlives this
    std::shared_ptr<Associations> all_;
    KernelApi api_;
    Endpoint bound_;
    SctpSettings settings_;
    std::shared_ptr<const OnAccept> on_accept_;
    loop::HandlePtr watched_;
    loop::HandlePtr paused_;
};

class KernelSctp final : public Sctp {
 public:
    explicit KernelSctp(loop::Loop& loop) : loop_(loop) {}
    SctpTransport transport() const override { return SctpTransport::kKernel; }

    base::Result<SctpAssociationPtr> connect(const SctpEndpoint& local, const SctpEndpoint& remote,
                                             const SctpSettings& settings) override {
        auto made = open_outbound<KernelApi>(local, remote, settings);
        if (!made) return made.error();
        auto socket =
            std::make_unique<KernelSocket>(loop_, all_, std::move(made->api), std::move(made->peers));
        return SctpAssociationPtr{std::make_unique<SctpOnSocket>(
            loop_, std::move(socket), SctpOnSocket::Origin::kConnects, made->remote, settings)};
    }

    base::Result<SctpListenerPtr> listen(const SctpEndpoint& local, const SctpSettings& settings,
                                         SctpListener::OnAccept on_accept) override {
        auto made = open_listening<KernelApi>(local, settings);
        if (!made) return made.error();
        Endpoint bound = bound_endpoint(*made, local);
        return SctpListenerPtr{std::make_unique<KernelListener>(
            loop_, all_, std::move(*made), std::move(bound), settings, std::move(on_accept))};
    }

    uint64_t retransmissions() const override {
        uint64_t sum = all_->retransmissions_of_ended;
        for (const KernelSocket* one : all_->alive) sum += one->retransmissions();
        return sum;
    }

 private:
    loop::Loop& loop_;  // outlives this
    std::shared_ptr<Associations> all_ = std::make_shared<Associations>();
};

}  // namespace

base::Result<std::unique_ptr<Sctp>> create_sctp_kernel(loop::Loop& loop, const Sctp::Settings& settings) {
    const base::Fd probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP));
    if (!probe)
        return base::Error{base::ErrorKind::kUnavailable, base::io_error("SCTP of the kernel", errno).text};
    if (settings.udp_port != 0) {
        int set = 0;
        std::ifstream(kUdpPortFile) >> set;
        if (set != settings.udp_port) {
            const std::string wanted = std::to_string(settings.udp_port);
            return base::conflict("SCTP of the kernel takes UDP at port " + std::to_string(set) + ", not " +
                                  wanted + ": set sysctl net.sctp.udp_port=" + wanted);
        }
    }
    return std::unique_ptr<Sctp>{std::make_unique<KernelSctp>(loop)};
}

}  // namespace net
