// SPDX-License-Identifier: AGPL-3.0-or-later
//
// libusrsctp has threads of its own. Its up-call, which runs on them, only marks the socket's slot and writes
// an eventfd; all calls to the library are made here, on the loop's thread.
#include "common/net/sctp_userland.h"

#include <sys/eventfd.h>
#include <usrsctp.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "common/base/fd.h"
#include "common/net/sctp_association.h"
#include "common/net/sctp_rfc6458.h"
#include "common/net/sctp_source.h"

namespace net {
namespace {

constexpr size_t kSlots = 4096;  // sockets at once
constexpr const char* kNoSlot = "SCTP in userland: too many sockets";
constexpr size_t kRoom = 64 * 1024;  // for messages besides the largest
constexpr std::chrono::milliseconds kLookPeriod{10};
constexpr std::chrono::milliseconds kPatience{2'000};

// What the up-call touches. Never freed: one may come late.
struct Wake {
    std::array<std::atomic<bool>, kSlots> marked{};
    base::Fd event{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    bool running = false;  // the library is; it has one stack for the process
    bool taken = false;    // by a UserlandSctp
    uint16_t udp_port = 0;
};
Wake& wake() {
    static Wake& one = *new Wake;
    return one;
}

void mark(struct socket*, void* slot, int) {
    Wake& shared = wake();
    shared.marked[reinterpret_cast<uintptr_t>(slot)] = true;
    const uint64_t one = 1;
    (void)!write(shared.event.get(), &one, sizeof one);
}

// The sockets that want to hear, by slot. Shared, because an association may outlive an orderly end of the
// stack.
class Slots {
 public:
    std::optional<size_t> take(std::function<void()> ready) {
        for (size_t tried = 0; tried < kSlots; ++tried) {
            next_ = (next_ + 1) % kSlots;
            if (used_.emplace(next_, ready).second) {
                wake().marked[next_] = false;
                return next_;
            }
        }
        return std::nullopt;
    }
    void give_back(size_t slot) { used_.erase(slot); }
    void sweep() {
        uint64_t count = 0;
        (void)!read(wake().event.get(), &count, sizeof count);
        std::vector<size_t> due;
        for (const auto& [slot, ready] : used_)
            if (wake().marked[slot].exchange(false)) due.push_back(slot);
        for (const size_t slot : due) {
            const auto found = used_.find(slot);
            if (found == used_.end()) continue;
            const auto ready = found->second;  // a copy: the socket may go while it runs
            ready();
        }
    }

 private:
    std::map<size_t, std::function<void()>> used_;
    size_t next_ = 0;
};

class Usrsctp {
 public:
    explicit Usrsctp(struct socket* socket) : socket_(socket) {}
    Usrsctp(Usrsctp&& other) noexcept : socket_(std::exchange(other.socket_, nullptr)) {}
    Usrsctp& operator=(Usrsctp&&) = delete;
    ~Usrsctp() {
        if (socket_ == nullptr) return;
        usrsctp_set_upcall(socket_, nullptr, nullptr);
        const linger abort{1, 0};
        if (aborts_) set(SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
        usrsctp_close(socket_);
    }

    static base::Result<Usrsctp> open(int family, const SctpSettings& settings) {
        Usrsctp made(usrsctp_socket(family, SOCK_STREAM, IPPROTO_SCTP, nullptr, nullptr, 0, nullptr));
        if (made.raw() == nullptr) return base::io_error("SCTP: socket in userland", errno);
        usrsctp_set_non_blocking(made.raw(), 1);
        // The library takes a message whole or not at all.
        const auto room =
            static_cast<int>(std::min<size_t>(settings.message_octets, INT32_MAX / 4) * 2 + kRoom);
        if (const auto set = set_option(made, SOL_SOCKET, SO_SNDBUF, room, "SO_SNDBUF"); !set)
            return set.error();
        return made;
    }

    int set(int level, int name, const void* value, socklen_t length) const {
        return usrsctp_setsockopt(socket_, level, name, value, length);
    }
    int get(int level, int name, void* value, socklen_t* length) const {
        return usrsctp_getsockopt(socket_, level, name, value, length);
    }
    int bindx(PackedAddresses& where) const {
        const int bound = usrsctp_bindx(socket_, where.get(), where.count, SCTP_BINDX_ADD_ADDR);
        if (bound >= 0) may_send_from(local_addresses());
        return bound;
    }
    int connectx(PackedAddresses& peers) const {
        sctp_assoc_t id = 0;
        const int begun = usrsctp_connectx(socket_, peers.get(), peers.count, &id);
        const int why = errno;
        may_send_from(local_addresses());  // of one that was bound to nothing before
        errno = why;
        return begun;
    }
    int listen(int backlog) const { return usrsctp_listen(socket_, backlog); }
    ssize_t sendv(base::ByteView octets, sctp_sndinfo& info) const {
        return usrsctp_sendv(socket_, octets.data(), octets.size(), nullptr, 0, &info, sizeof info,
                             SCTP_SENDV_SNDINFO, 0);
    }
    ssize_t recvv(std::span<uint8_t> into, sctp_rcvinfo& info, bool& has_info, int& flags) const {
        sockaddr_storage from{};
        socklen_t from_length = sizeof from, info_length = sizeof info;
        unsigned type = SCTP_RECVV_NOINFO;
        const ssize_t count =
            usrsctp_recvv(socket_, into.data(), into.size(), reinterpret_cast<sockaddr*>(&from), &from_length,
                          &info, &info_length, &type, &flags);
        has_info = type == SCTP_RECVV_RCVINFO;
        return count;
    }
    void part_in_order() { aborts_ = false; }
    void shut_down() const { usrsctp_shutdown(socket_, SHUT_WR); }
    std::vector<Endpoint> remote_addresses() const {
        sockaddr* packed = nullptr;
        const int count = usrsctp_getpaddrs(socket_, 0, &packed);
        if (count <= 0) return {};
        const auto all = unpack(packed, count);
        usrsctp_freepaddrs(packed);
        return all;
    }
    std::vector<Endpoint> local_addresses() const {
        sockaddr* packed = nullptr;
        const int count = usrsctp_getladdrs(socket_, 0, &packed);
        if (count <= 0) return {};
        const auto all = unpack(packed, count);
        usrsctp_freeladdrs(packed);
        return all;
    }
    uint64_t retransmissions() const { return 0; }  // the library counts for all together
    size_t largest() const { return SIZE_MAX; }     // open() made the room
    struct socket* raw() const {
        return socket_;
    }

 private:
    struct socket* socket_;
    bool aborts_ = true;
};

class UserlandSocket final : public Rfc6458Socket<Usrsctp> {
 public:
    UserlandSocket(loop::Loop& loop, std::shared_ptr<Slots> slots, Usrsctp api, PackedAddresses peers)
        : Rfc6458Socket(loop, std::move(api), std::move(peers)), slots_(std::move(slots)) {}
    ~UserlandSocket() override {
        usrsctp_set_upcall(api_.raw(), nullptr, nullptr);
        if (slot_) slots_->give_back(*slot_);
    }
    void watch(std::function<void()> ready) override {
        Rfc6458Socket::watch(std::move(ready));
        slot_ = slots_->take([this] { call_ready(); });
        if (slot_) usrsctp_set_upcall(api_.raw(), mark, reinterpret_cast<void*>(*slot_));
    }
    void want(Reading, bool) override {}  // a call too many does no harm

 private:
    std::shared_ptr<Slots> slots_;
    std::optional<size_t> slot_;
};

class UserlandListener final : public SctpListener {
 public:
    UserlandListener(loop::Loop& loop, std::shared_ptr<Slots> slots, Usrsctp api, Endpoint bound,
                     const SctpSettings& settings, OnAccept on_accept)
        : loop_(loop),
          slots_(std::move(slots)),
          api_(std::move(api)),
          bound_(std::move(bound)),
          settings_(settings),
          on_accept_(std::make_shared<const OnAccept>(std::move(on_accept))) {
        slot_ = slots_->take([this] { accept_all(); });
        if (slot_) usrsctp_set_upcall(api_.raw(), mark, reinterpret_cast<void*>(*slot_));
    }
    ~UserlandListener() override {
        usrsctp_set_upcall(api_.raw(), nullptr, nullptr);
        if (slot_) slots_->give_back(*slot_);
    }
    const Endpoint& bound() const override { return bound_; }
    bool ready() const { return slot_.has_value(); }

 private:
    void accept_all() {
        const std::weak_ptr<const char> alive = alive_;
        for (;;) {
            sockaddr_storage from{};
            socklen_t length = sizeof from;
            struct socket* accepted = usrsctp_accept(api_.raw(), reinterpret_cast<sockaddr*>(&from), &length);
            if (accepted == nullptr) return;
            usrsctp_set_non_blocking(accepted, 1);
            const std::string peer =
                endpoint_of(reinterpret_cast<const sockaddr*>(&from), sizeof from).text();
            const auto on_accept = on_accept_;
            (*on_accept)(std::make_unique<SctpOnSocket>(
                loop_, std::make_unique<UserlandSocket>(loop_, slots_, Usrsctp(accepted), PackedAddresses{}),
                SctpOnSocket::Origin::kAccepted, peer, settings_));
            if (alive.expired()) return;
        }
    }

    loop::Loop& loop_;  // outlives this
    std::shared_ptr<Slots> slots_;
    Usrsctp api_;
    Endpoint bound_;
    SctpSettings settings_;
    std::shared_ptr<const OnAccept> on_accept_;
    std::shared_ptr<const char> alive_ = std::make_shared<const char>('\0');
    std::optional<size_t> slot_;
};

class UserlandSctp final : public Sctp {
 public:
    explicit UserlandSctp(loop::Loop& loop) : loop_(loop) {
        woken_ = loop_.watch(wake().event.get(), loop::Interest::kRead,
                             [slots = slots_](loop::Readiness) { slots->sweep(); });
    }
    // Sockets that were closed go through their last steps on the library's threads. If they don't come to an
    // end the library stays, and the next UserlandSctp of this process goes on with it.
    ~UserlandSctp() override {
        Wake& shared = wake();
        for (auto waited = std::chrono::milliseconds{0}; usrsctp_finish() != 0; waited += kLookPeriod) {
            if (waited >= kPatience) {
                shared.taken = false;
                return;
            }
            std::this_thread::sleep_for(kLookPeriod);
        }
        shared.running = shared.taken = false;
    }

    SctpTransport transport() const override { return SctpTransport::kUserland; }

    base::Result<SctpAssociationPtr> connect(const SctpEndpoint& local, const SctpEndpoint& remote,
                                             const SctpSettings& settings) override {
        auto made = open_outbound<Usrsctp>(local, remote, settings);
        if (!made) return made.error();
        return SctpAssociationPtr{std::make_unique<SctpOnSocket>(
            loop_,
            std::make_unique<UserlandSocket>(loop_, slots_, std::move(made->api), std::move(made->peers)),
            SctpOnSocket::Origin::kConnects, made->remote, settings)};
    }

    base::Result<SctpListenerPtr> listen(const SctpEndpoint& local, const SctpSettings& settings,
                                         SctpListener::OnAccept on_accept) override {
        auto made = open_listening<Usrsctp>(local, settings);
        if (!made) return made.error();
        Endpoint bound = bound_endpoint(*made, local);
        auto listener = std::make_unique<UserlandListener>(loop_, slots_, std::move(*made), std::move(bound),
                                                           settings, std::move(on_accept));
        if (!listener->ready()) return base::Error{base::ErrorKind::kLimit, kNoSlot};
        return SctpListenerPtr{std::move(listener)};
    }

    uint64_t retransmissions() const override {
        sctpstat figures{};
        usrsctp_get_stat(&figures);
        return uint64_t{figures.sctps_sendretransdata};
    }

 private:
    loop::Loop& loop_;  // outlives this
    std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
    loop::HandlePtr woken_;
};

// The library binds its UDP socket to all addresses and stays silent when it cannot.
base::Result<void> check_free(uint16_t udp_port) {
    const base::Fd probe(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(udp_port);
    if (!probe || bind(probe.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) {
        const base::Error why = base::io_error("SCTP in UDP: port " + std::to_string(udp_port), errno);
        return base::conflict(why.text);
    }
    return {};
}

// As silent is it about raw sockets that it is not given.
base::Result<void> check_raw() {
    const base::Fd probe(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_SCTP));
    if (probe) return {};
    const base::Error why = base::io_error("SCTP in userland over IP", errno);
    return base::Error{base::ErrorKind::kUnavailable,
                       why.text + ": it takes CAP_NET_RAW; or set a port for SCTP in UDP"};
}

}  // namespace

base::Result<std::unique_ptr<Sctp>> create_sctp_userland(loop::Loop& loop, const Sctp::Settings& settings) {
    Wake& shared = wake();
    if (!shared.event) return base::Error{base::ErrorKind::kIo, "SCTP: no eventfd"};
    if (shared.taken) return base::conflict("SCTP in userland: there is one stack for each process already");
    if (shared.running && shared.udp_port != settings.udp_port)
        return base::conflict("SCTP in userland: the stack still runs with UDP port " +
                              std::to_string(shared.udp_port));
    if (!shared.running) {
        const auto possible = settings.udp_port != 0 ? check_free(settings.udp_port) : check_raw();
        if (!possible) return possible.error();
        usrsctp_init(settings.udp_port, nullptr, nullptr);
        usrsctp_sysctl_set_sctp_ecn_enable(0);  // what marks packets inside UDP is lost
        shared.running = true;
        shared.udp_port = settings.udp_port;
    }
    shared.taken = true;
    return std::unique_ptr<Sctp>{std::make_unique<UserlandSctp>(loop)};
}

}  // namespace net
