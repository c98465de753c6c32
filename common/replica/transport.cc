// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/transport.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <list>
#include <optional>
#include <utility>

#include "common/replica/raft_address.h"
#include "common/replica/raft_c.h"

namespace replica {
namespace {

constexpr uint32_t kMagic = 0x46524c31;  // "FRL1"
constexpr std::chrono::seconds kHeadWait{5};
constexpr size_t kArrivingMax = 16;  // streams whose head has not come yet
constexpr size_t kFixedOctets = 6;   // magic and length

// libraft closes a stream with uv_close() and frees it with raft_free().
uv_pipe_t* pipe_on(uv_loop_t* loop, base::Fd fd) {
    auto* pipe = static_cast<uv_pipe_t*>(raft_malloc(sizeof(uv_pipe_t)));
    if (pipe == nullptr) return nullptr;
    uv_pipe_init(loop, pipe, 0);
    if (uv_pipe_open(pipe, fd.get()) != 0) {
        uv_close(reinterpret_cast<uv_handle_t*>(pipe), [](uv_handle_t* handle) { raft_free(handle); });
        return nullptr;
    }
    fd.release();
    return pipe;
}

void close_pipe(uv_pipe_t* pipe) {
    uv_close(reinterpret_cast<uv_handle_t*>(pipe), [](uv_handle_t* handle) { raft_free(handle); });
}

// How many octets of the head are still to come, as far as can be said: no more are read, because what
// follows belongs to libraft. The length has been checked when more than the fixed part is here.
size_t missing(const base::Bytes& octets) {
    if (octets.size() < kFixedOctets) return kFixedOctets - octets.size();
    return kFixedOctets + static_cast<size_t>(octets[4] << 8 | octets[5]) - octets.size();
}

uint64_t u64_of(uint32_t high, uint32_t low) { return (uint64_t{high} << 32) | low; }

}  // namespace

base::Bytes encode(const StreamHead& head) {
    base::Writer body;
    for (const uint64_t id : {head.from, head.to})
        body.u32(static_cast<uint32_t>(id >> 32)).u32(static_cast<uint32_t>(id));
    for (const std::string* text : {&head.cluster, &head.address}) {
        body.u16(static_cast<uint16_t>(text->size()));
        body.raw(base::as_bytes(*text));
    }
    base::Writer whole;
    const base::Bytes octets = body.take();
    whole.u32(kMagic).u16(static_cast<uint16_t>(octets.size())).raw(octets);
    return whole.take();
}

base::Result<std::optional<StreamHead>> decode_stream_head(base::ByteView octets) {
    base::Reader start(octets);
    if (octets.size() < kFixedOctets) return std::optional<StreamHead>{};
    const auto magic = start.u32("magic");
    const auto length = start.u16("length");
    if (*magic != kMagic) return base::invalid("a stream of the log begins with something else");
    if (*length > kStreamHeadOctetsMax - kFixedOctets)
        return base::invalid("the head of a stream is too long");
    if (octets.size() < kFixedOctets + *length) return std::optional<StreamHead>{};
    base::Reader body(octets.subspan(kFixedOctets, *length));
    std::array<uint32_t, 4> ids{};
    for (uint32_t& half : ids) {
        const auto read = body.u32("id");
        if (!read) return base::invalid(read.error().text());
        half = *read;
    }
    StreamHead head{u64_of(ids[0], ids[1]), u64_of(ids[2], ids[3]), {}, {}};
    for (std::string* text : {&head.cluster, &head.address}) {
        const auto size = body.u16("size");
        if (!size) return base::invalid(size.error().text());
        const auto read = body.take(*size, "text");
        if (!read) return base::invalid(read.error().text());
        *text = std::string(base::as_text(*read));
    }
    return std::optional<StreamHead>{std::move(head)};
}

struct Transport::State : std::enable_shared_from_this<State> {
    State(RaftThread& t, Streams& s, std::string c, logs::Log l)
        : thread(t), streams(s), cluster(std::move(c)), log(std::move(l)) {}

    // A stream that another node opened, until its head is complete.
    struct Arriving {
        State* state;
        NodeName from;
        uv_pipe_t* pipe;
        base::Bytes octets;
        std::array<char, kStreamHeadOctetsMax> buffer{};
        loop::HandlePtr too_late;
    };

    RaftThread& thread;
    Streams& streams;
    std::string cluster;
    logs::Log log;
    raft_uv_transport raw{};
    raft_id id = 0;
    std::string address;
    raft_uv_accept_cb accept = nullptr;
    std::list<raft_uv_connect*> connecting;
    std::list<Arriving> arriving;
    bool closing = false;

    static State& of(raft_uv_transport* transport) { return *static_cast<State*>(transport->impl); }

    int connect(raft_uv_connect* request, raft_id to, const char* to_address, raft_uv_connect_cb done);
    void connected(raft_uv_connect* request, raft_id to, base::Result<base::Fd> opened);
    void arrived(const NodeName& from, base::Fd fd);
    void read_on(Arriving& stream, ssize_t count);
    void take(Arriving& stream, const StreamHead& head);
    void drop(Arriving& stream, std::string_view why);
    void close(raft_uv_transport_close_cb closed);
};

int Transport::State::connect(raft_uv_connect* request, raft_id to, const char* to_address,
                              raft_uv_connect_cb done) {
    const auto peer = RaftAddress::parse(to_address);
    if (!peer || closing) return RAFT_NOCONNECTION;
    request->cb = done;
    connecting.push_back(request);
    streams.open(peer->at.node, [self = shared_from_this(), request, to](base::Result<base::Fd> opened) {
        auto fd = std::make_shared<base::Result<base::Fd>>(std::move(opened));
        self->thread.post([self, request, to, fd] { self->connected(request, to, std::move(*fd)); });
    });
    return 0;
}

// The request is libraft's, and gone when it was cancelled: only the list says whether it is still there.
void Transport::State::connected(raft_uv_connect* request, raft_id to, base::Result<base::Fd> opened) {
    const auto found = std::find(connecting.begin(), connecting.end(), request);
    if (closing || found == connecting.end()) return;
    connecting.erase(found);
    uv_pipe_t* pipe = nullptr;
    if (opened) {
        const base::Bytes head = encode(StreamHead{id, to, cluster, address});
        const ssize_t sent = send(opened->get(), head.data(), head.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent == static_cast<ssize_t>(head.size())) pipe = pipe_on(thread.loop(), std::move(*opened));
    }
    request->cb(request, reinterpret_cast<uv_stream_t*>(pipe), pipe == nullptr ? RAFT_NOCONNECTION : 0);
}

void Transport::State::arrived(const NodeName& from, base::Fd fd) {
    if (closing || accept == nullptr || arriving.size() >= kArrivingMax) return;
    uv_pipe_t* pipe = pipe_on(thread.loop(), std::move(fd));
    if (pipe == nullptr) return;
    Arriving& stream = arriving.emplace_back(Arriving{this, from, pipe, {}, {}, nullptr});
    pipe->data = &stream;
    stream.too_late = thread.after(kHeadWait, [this, &stream] { drop(stream, "no head in time"); });
    uv_read_start(
        reinterpret_cast<uv_stream_t*>(pipe),
        [](uv_handle_t* handle, size_t, uv_buf_t* into) {
            auto& of = *static_cast<Arriving*>(handle->data);
            *into = uv_buf_init(of.buffer.data(), static_cast<unsigned>(missing(of.octets)));
        },
        [](uv_stream_t* handle, ssize_t count, const uv_buf_t*) {
            auto& stream_of = *static_cast<Arriving*>(handle->data);
            stream_of.state->read_on(stream_of, count);
        });
}

void Transport::State::read_on(Arriving& stream, ssize_t count) {
    if (count == 0) return;
    if (count < 0) return drop(stream, "closed before its head");
    stream.octets.insert(stream.octets.end(), stream.buffer.begin(), stream.buffer.begin() + count);
    const auto head = decode_stream_head(stream.octets);
    if (!head) return drop(stream, head.error().text);
    if (*head) take(stream, **head);
}

void Transport::State::take(Arriving& stream, const StreamHead& head) {
    const auto peer = RaftAddress::parse(head.address);
    if (head.cluster != cluster) return drop(stream, "of another cluster");
    if (!peer || peer->at.node != stream.from) return drop(stream, "speaks for another node");
    if (head.to != id) return drop(stream, "meant for an earlier life of this node");
    if (head.from == 0 || head.from == id) return drop(stream, "an id that cannot be");
    uv_pipe_t* pipe = stream.pipe;
    uv_read_stop(reinterpret_cast<uv_stream_t*>(pipe));
    pipe->data = nullptr;
    arriving.remove_if([&](const Arriving& one) { return &one == &stream; });
    accept(&raw, head.from, head.address.c_str(), reinterpret_cast<uv_stream_t*>(pipe));
}

void Transport::State::drop(Arriving& stream, std::string_view why) {
    log.warning("cluster.stream.refused", {{"peer", stream.from}, {"reason", why}});
    close_pipe(stream.pipe);
    arriving.remove_if([&](const Arriving& one) { return &one == &stream; });
}

void Transport::State::close(raft_uv_transport_close_cb closed) {
    closing = true;
    streams.on_stream(nullptr);
    for (Arriving& stream : arriving) close_pipe(stream.pipe);
    arriving.clear();
    // libraft is in the middle of its own closing: what it waits for is told in the next turn.
    thread.post([self = shared_from_this(), closed] {
        for (raft_uv_connect* request : std::exchange(self->connecting, {}))
            request->cb(request, nullptr, RAFT_CANCELED);
        closed(&self->raw);
    });
}

Transport::Transport(RaftThread& thread, Streams& streams, std::string cluster, logs::Log log)
    : state_(std::make_shared<State>(thread, streams, std::move(cluster), std::move(log))) {
    raft_uv_transport& raw = state_->raw;
    raw.impl = state_.get();
    raw.init = [](raft_uv_transport* t, raft_id id, const char* address) {
        State::of(t).id = id;
        State::of(t).address = address;
        return 0;
    };
    raw.listen = [](raft_uv_transport* t, raft_uv_accept_cb accept) {
        State& state = State::of(t);
        state.accept = accept;
        state.streams.on_stream(
            [weak = state.weak_from_this(), &thread = state.thread](const NodeName& from, base::Fd fd) {
                auto shared = std::make_shared<base::Fd>(std::move(fd));
                thread.post([weak, from, shared] {
                    if (const auto self = weak.lock()) self->arrived(from, std::move(*shared));
                });
            });
        return 0;
    };
    raw.connect = [](raft_uv_transport* t, raft_uv_connect* request, raft_id id, const char* address,
                     raft_uv_connect_cb done) { return State::of(t).connect(request, id, address, done); };
    raw.close = [](raft_uv_transport* t, raft_uv_transport_close_cb closed) { State::of(t).close(closed); };
}

Transport::~Transport() {
    if (!state_->closing) state_->streams.on_stream(nullptr);
    state_->closing = true;
}

raft_uv_transport* Transport::raw() { return &state_->raw; }

}  // namespace replica
