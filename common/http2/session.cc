// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http2/session.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <map>
#include <optional>

#include "common/base/free_with.h"
#include "common/http/response_head.h"
#include "common/http/target.h"
#include "common/http2/error_budget.h"

namespace http2 {
namespace {

using SessionPtr = std::unique_ptr<nghttp2_session, base::FreeWith<nghttp2_session_del>>;
using CallbacksPtr =
    std::unique_ptr<nghttp2_session_callbacks, base::FreeWith<nghttp2_session_callbacks_del>>;

constexpr size_t kFieldOverhead = 32;  // RFC 9113 §6.5.2

std::optional<http::Method> method_of(std::string_view word) {
    using http::Method;
    for (const Method method :
         {Method::kGet, Method::kHead, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
        if (http::to_string(method) == word) return method;
    }
    return std::nullopt;
}

std::string_view view(const uint8_t* data, size_t size) { return base::as_text({data, size}); }

// nghttp2 copies what it is given, and asks for mutable pointers all the same.
nghttp2_nv field(std::string_view name, std::string_view value) {
    auto* const name_octets = const_cast<uint8_t*>(base::as_bytes(name).data());
    auto* const value_octets = const_cast<uint8_t*>(base::as_bytes(value).data());
    return {name_octets, value_octets, name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

bool has_body(int status) { return status != 204 && status != 304; }

struct Stream {
    enum class Phase { kRequest, kHandler, kAnswer };
    Phase phase = Phase::kRequest;
    bool request_ended = false;  // the peer has said all of it
    std::optional<base::Ticks> until;
    http::Request request;
    std::string method;
    std::string target;
    const http::Route* route = nullptr;
    size_t head_octets = 0;
    bool head_too_large = false;
    http::Response response;  // while it is sent
    size_t sent = 0;
};

}  // namespace

struct Session::State {
    State(const http::Router& the_router, const Limits& the_limits, http::Peer the_peer, base::Ticks at)
        : router(the_router),
          limits(the_limits),
          peer(std::move(the_peer)),
          now(at),
          began(at),
          idle_since(at),
          errors(the_limits.errors, the_limits.errors_per_second, at) {}

    void open();
    Stream* find(int32_t id);
    void begin(int32_t id);
    void take_field(Stream& stream, std::string_view name, std::string_view value);
    void head_done(int32_t id, Stream& stream);
    void take_body(int32_t id, Stream& stream, std::string_view octets);
    void request_done(int32_t id, Stream& stream);
    void refuse(int32_t id, Stream& stream, http::Response response);
    void answer(int32_t id, Stream& stream, http::Response response);
    void closed(int32_t id, uint32_t code);
    void end(uint32_t code) { nghttp2_session_terminate_session(session.get(), code); }
    void reset(int32_t id, uint32_t code) {
        nghttp2_submit_rst_stream(session.get(), NGHTTP2_FLAG_NONE, id, code);
    }

    static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* self) noexcept;
    static int on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                         const uint8_t* value, size_t value_size, uint8_t, void* self) noexcept;
    static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self) noexcept;
    static int on_data(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size,
                       void* self) noexcept;
    static int on_sent(nghttp2_session*, const nghttp2_frame* frame, void* self) noexcept;
    static int on_closed(nghttp2_session*, int32_t id, uint32_t code, void* self) noexcept;
    static ssize_t read_answer(nghttp2_session*, int32_t id, uint8_t* out, size_t size, uint32_t* flags,
                               nghttp2_data_source* source, void* self) noexcept;

    const http::Router& router;
    const Limits limits;
    const http::Peer peer;
    SessionPtr session;
    std::map<int32_t, Stream> streams;
    std::vector<Arrived> arrived;
    size_t held = 0;  // octets of bodies that are coming in
    base::Ticks now;
    base::Ticks began;
    base::Ticks idle_since;
    ErrorBudget errors;
    bool peer_settings = false;
    bool settings_acknowledged = false;
    bool going_away = false;
    bool failed = false;
};

Session::Session(const http::Router& router, const Limits& limits, http::Peer peer, base::Ticks now)
    : state_(std::make_unique<State>(router, limits, std::move(peer), now)) {
    state_->open();
}

Session::~Session() = default;

void Session::State::open() {
    nghttp2_session_callbacks* raw = nullptr;
    nghttp2_session* made = nullptr;
    if (nghttp2_session_callbacks_new(&raw) != 0) {
        failed = true;  // for want of memory; feed() tells it
        return;
    }
    const CallbacksPtr callbacks(raw);
    nghttp2_session_callbacks_set_on_begin_headers_callback(raw, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(raw, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(raw, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(raw, on_data);
    nghttp2_session_callbacks_set_on_frame_send_callback(raw, on_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(raw, on_closed);
    failed = nghttp2_session_server_new(&made, raw, this) != 0;
    session.reset(made);
    if (failed) return;
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.streams},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<uint32_t>(limits.head_octets)},
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
    };
    failed = nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, settings, std::size(settings)) != 0;
}

Stream* Session::State::find(int32_t id) {
    const auto found = streams.find(id);
    return found == streams.end() ? nullptr : &found->second;
}

// --- what the peer says ---

int Session::State::on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* self) noexcept {
    if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) static_cast<State*>(self)->begin(frame->hd.stream_id);
    return 0;
}

int Session::State::on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                              size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                              void* self) noexcept {
    // Trailer fields are read over.
    if (frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    auto& state = *static_cast<State*>(self);
    if (Stream* stream = state.find(frame->hd.stream_id))
        state.take_field(*stream, view(name, name_size), view(value, value_size));
    return 0;
}

int Session::State::on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self) noexcept {
    auto& state = *static_cast<State*>(self);
    if (frame->hd.type == NGHTTP2_SETTINGS) {
        const bool acknowledges = (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0;
        (acknowledges ? state.settings_acknowledged : state.peer_settings) = true;
        return 0;
    }
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    const int32_t id = frame->hd.stream_id;
    Stream* stream = state.find(id);
    if (stream == nullptr) return 0;
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) stream->request_ended = true;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        state.head_done(id, *stream);
    if (stream->request_ended && stream->phase == Stream::Phase::kRequest) state.request_done(id, *stream);
    return 0;
}

int Session::State::on_data(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size,
                            void* self) noexcept {
    auto& state = *static_cast<State*>(self);
    if (Stream* stream = state.find(id)) state.take_body(id, *stream, view(data, size));
    return 0;
}

void Session::State::begin(int32_t id) {
    Stream& stream = streams[id];
    stream.until = now + limits.request_deadline;
    stream.request.peer = peer;
}

void Session::State::take_field(Stream& stream, std::string_view name, std::string_view value) {
    stream.head_octets += name.size() + value.size() + kFieldOverhead;
    auto& fields = stream.request.headers;
    if (stream.head_octets > limits.head_octets || fields.size() >= limits.head_fields) {
        stream.head_too_large = true;
        return;
    }
    if (name == ":method") {
        stream.method = value;
    } else if (name == ":path") {
        stream.target = value;
    } else if (name == ":authority") {
        fields.emplace_back("host", value);
    } else if (!name.starts_with(':')) {
        fields.emplace_back(name, value);  // in lower case: nghttp2 refuses others
    }
}

void Session::State::head_done(int32_t id, Stream& stream) {
    using http::Response;
    if (stream.head_too_large) {
        return refuse(id, stream,
                      Response::problem(431, "head-too-large",
                                        "The request's head is larger than " +
                                            std::to_string(limits.head_octets) + " octets."));
    }
    const auto method = method_of(stream.method);
    if (!method) {
        return refuse(id, stream,
                      Response::problem(501, "unknown-method",
                                        "The method must be GET, HEAD, POST, PUT, PATCH or DELETE."));
    }
    auto target = http::parse_target(stream.target);
    if (!target) {
        const http::Refusal& why = target.error();
        return refuse(id, stream, Response::problem(why.status, why.code, why.text));
    }
    stream.request.method = *method;
    stream.request.path = std::move(target->path);
    stream.request.query = std::move(target->query);
    auto match = router.match(stream.request);
    stream.route = match.route;
    if (match.refusal) refuse(id, stream, std::move(*match.refusal));
}

void Session::State::take_body(int32_t id, Stream& stream, std::string_view octets) {
    if (stream.phase != Stream::Phase::kRequest) return;  // it has been refused
    if (octets.size() > stream.route->body_limit - stream.request.body.size()) {
        return refuse(id, stream,
                      http::Response::problem(
                          413, "body-too-large",
                          "The body may be " + std::to_string(stream.route->body_limit) + " octets long."));
    }
    if (octets.size() > limits.body_octets - std::min(held, limits.body_octets)) {
        stream.phase = Stream::Phase::kAnswer;  // of one word
        return reset(id, NGHTTP2_ENHANCE_YOUR_CALM);
    }
    held += octets.size();
    stream.request.body += octets;
}

void Session::State::request_done(int32_t id, Stream& stream) {
    held -= stream.request.body.size();
    stream.phase = Stream::Phase::kHandler;
    stream.until.reset();
    arrived.push_back({id, stream.route, std::move(stream.request)});
    stream.request = {};
    stream.request.method = arrived.back().request.method;
}

void Session::State::closed(int32_t id, uint32_t code) {
    const auto found = streams.find(id);
    if (found != streams.end()) {
        held -= found->second.request.body.size();
        streams.erase(found);
    }
    std::erase_if(arrived, [&](const Arrived& one) { return one.stream == id; });
    if (streams.empty()) idle_since = now;
    // Whoever opens streams only to have them fail costs us work and himself nothing.
    if (code != NGHTTP2_NO_ERROR && !errors.take(now)) end(NGHTTP2_ENHANCE_YOUR_CALM);
}

int Session::State::on_closed(nghttp2_session*, int32_t id, uint32_t code, void* self) noexcept {
    static_cast<State*>(self)->closed(id, code);
    return 0;
}

// --- what we say ---

void Session::State::refuse(int32_t id, Stream& stream, http::Response response) {
    held -= stream.request.body.size();
    stream.request.body = {};
    answer(id, stream, std::move(response));
}

void Session::State::answer(int32_t id, Stream& stream, http::Response response) {
    stream.phase = Stream::Phase::kAnswer;
    stream.until = now + limits.write_deadline;
    stream.response = std::move(response);
    const std::string status = std::to_string(stream.response.status);
    const std::string& body = http::body_of(stream.response);
    const std::string length = std::to_string(body.size());
    std::vector<nghttp2_nv> fields{field(":status", status)};
    for (const auto& [name, value] : stream.response.headers) fields.push_back(field(name, value));
    const bool with_body = has_body(stream.response.status);
    if (with_body) fields.push_back(field("content-length", length));
    nghttp2_data_provider provider{};
    provider.read_callback = read_answer;
    const bool sends_body = with_body && !body.empty() && stream.request.method != http::Method::kHead;
    if (nghttp2_submit_response(session.get(), id, fields.data(), fields.size(),
                                sends_body ? &provider : nullptr) != 0)
        reset(id, NGHTTP2_INTERNAL_ERROR);
}

ssize_t Session::State::read_answer(nghttp2_session*, int32_t id, uint8_t* out, size_t size, uint32_t* flags,
                                    nghttp2_data_source*, void* self) noexcept {
    Stream* stream = static_cast<State*>(self)->find(id);
    if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const std::string& body = http::body_of(stream->response);
    const size_t count = std::min(size, body.size() - stream->sent);
    std::copy_n(body.data() + stream->sent, count, out);
    stream->sent += count;
    if (stream->sent == body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
}

// RFC 9113 §8.1: who answers before the whole request is there asks for the rest not to be sent.
int Session::State::on_sent(nghttp2_session*, const nghttp2_frame* frame, void* self) noexcept {
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
    auto& state = *static_cast<State*>(self);
    const Stream* stream = state.find(frame->hd.stream_id);
    if (stream != nullptr && !stream->request_ended) state.reset(frame->hd.stream_id, NGHTTP2_NO_ERROR);
    return 0;
}

// --- the session, from outside ---

base::Result<void> Session::feed(base::ByteView octets, base::Ticks now) {
    State& state = *state_;
    if (state.failed) return base::Error{base::ErrorKind::kUnavailable, "HTTP/2: no memory"};
    state.now = now;
    const ssize_t used = nghttp2_session_mem_recv(state.session.get(), octets.data(), octets.size());
    if (used >= 0) return {};
    state.failed = true;
    return base::invalid(std::string("HTTP/2: ") + nghttp2_strerror(static_cast<int>(used)));
}

std::vector<Arrived> Session::take_requests() { return std::exchange(state_->arrived, {}); }

void Session::respond(int32_t id, http::Response response, base::Ticks now) {
    state_->now = now;
    Stream* stream = state_->find(id);
    if (stream != nullptr && stream->phase == Stream::Phase::kHandler)
        state_->answer(id, *stream, std::move(response));
}

std::string Session::output(size_t at_most) {
    std::string out;
    while (!state_->failed && out.size() < at_most) {
        const uint8_t* data = nullptr;
        const ssize_t size = nghttp2_session_mem_send(state_->session.get(), &data);
        if (size < 0) state_->failed = true;
        if (size <= 0) break;
        out += view(data, static_cast<size_t>(size));
    }
    return out;
}

void Session::tick(base::Ticks now) {
    State& state = *state_;
    if (state.failed) return;
    state.now = now;
    const bool greeted = state.peer_settings && state.settings_acknowledged;
    if (!greeted && now >= state.began + state.limits.settings_deadline)
        return state.end(NGHTTP2_SETTINGS_TIMEOUT);
    if (state.streams.empty() && now >= state.idle_since + state.limits.idle_timeout)
        return state.end(NGHTTP2_NO_ERROR);
    for (auto& [id, stream] : state.streams) {
        if (!stream.until || now < *stream.until) continue;
        if (stream.phase == Stream::Phase::kRequest) {
            state.refuse(id, stream, http::Response::problem(408, "too-slow", "The request took too long."));
        } else {
            stream.until.reset();
            state.reset(id, NGHTTP2_CANCEL);
        }
    }
}

void Session::go_away() {
    State& state = *state_;
    if (state.failed || std::exchange(state.going_away, true)) return;
    nghttp2_submit_goaway(state.session.get(), NGHTTP2_FLAG_NONE,
                          nghttp2_session_get_last_proc_stream_id(state.session.get()), NGHTTP2_NO_ERROR,
                          nullptr, 0);
}

bool Session::finished() const {
    const State& state = *state_;
    if (state.failed) return true;
    const bool writes = nghttp2_session_want_write(state.session.get()) != 0;
    const bool reads = nghttp2_session_want_read(state.session.get()) != 0;
    return !writes && (!reads || (state.going_away && state.streams.empty()));
}

size_t Session::streams() const { return state_->streams.size(); }

}  // namespace http2
