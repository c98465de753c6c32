// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/frames.h"

#include <algorithm>
#include <array>
#include <utility>

namespace replica {
namespace {

using base::DecodeError;
using base::ErrorKind;

constexpr uint32_t kMagic = 0x4661'4C6B;  // "FaLk"
constexpr size_t kLengthOctets = 4;

enum class Type : uint8_t {
    kHello = 1,
    kWelcome = 2,
    kRefusal = 3,
    kRequest = 4,
    kReply = 5,
    kFailure = 6,
    kCancel = 7,
    kRetire = 8,
};

// Their places are their numbers on the wire, from 1: only ever add at the end.
constexpr std::array kErrors{ErrorKind::kInvalid, ErrorKind::kNotFound, ErrorKind::kConflict,
                             ErrorKind::kRefused, ErrorKind::kLimit,    ErrorKind::kUnavailable,
                             ErrorKind::kTimeout, ErrorKind::kIo,       ErrorKind::kCorrupt};

uint8_t number_of(ErrorKind kind) {
    for (size_t i = 0; i < kErrors.size(); ++i)
        if (kErrors.at(i) == kind) return static_cast<uint8_t>(i + 1);
    return 0;
}

// A kind that a newer node may send counts as "not now".
ErrorKind kind_of(uint8_t number) {
    return number >= 1 && number <= kErrors.size() ? kErrors.at(number - 1U) : ErrorKind::kUnavailable;
}

void put_text8(base::Writer& out, const std::string& text) {
    const size_t length = std::min<size_t>(text.size(), 255);
    out.u8(static_cast<uint8_t>(length)).raw(base::as_bytes(text).first(length));
}

void put_text16(base::Writer& out, const std::string& text) {
    const size_t length = std::min(text.size(), kTextOctetsMax);
    out.u16(static_cast<uint16_t>(length)).raw(base::as_bytes(text).first(length));
}

void put(base::Writer& out, Type type) { out.u8(static_cast<uint8_t>(type)); }

void put(base::Writer& out, const Hello& hello) {
    put(out, Type::kHello);
    out.u32(kMagic).u8(hello.version).u8(static_cast<uint8_t>(hello.purpose));
    put_text8(out, hello.node);
}
void put(base::Writer& out, const Welcome& welcome) {
    put(out, Type::kWelcome);
    out.u8(welcome.version);
}
void put(base::Writer& out, const Refusal& refusal) {
    put(out, Type::kRefusal);
    put_text16(out, refusal.why);
}
void put(base::Writer& out, const Request& request) {
    put(out, Type::kRequest);
    out.u32(request.id);
    put_text8(out, request.kind);
    out.raw(request.octets);
}
void put(base::Writer& out, const Reply& reply) {
    put(out, Type::kReply);
    out.u32(reply.id).raw(reply.octets);
}
void put(base::Writer& out, const Failure& failure) {
    put(out, Type::kFailure);
    out.u32(failure.id).u8(number_of(failure.kind));
    put_text16(out, failure.why);
}
void put(base::Writer& out, const Cancel& cancel) {
    put(out, Type::kCancel);
    out.u32(cancel.id);
}
void put(base::Writer& out, const Retire&) { put(out, Type::kRetire); }

// Reads field after field; the first error stays, and what follows reads as nothing.
class Fields {
 public:
    explicit Fields(base::ByteView octets) : in_(octets, kLengthOctets) {}

    uint8_t u8(std::string_view name) { return keep(error_ ? failed<uint8_t>() : in_.u8(name)); }
    uint16_t u16(std::string_view name) { return keep(error_ ? failed<uint16_t>() : in_.u16(name)); }
    uint32_t u32(std::string_view name) { return keep(error_ ? failed<uint32_t>() : in_.u32(name)); }
    std::string text(size_t length, size_t limit, std::string_view name) {
        if (length > limit) wrong(DecodeError::Kind::kTooLong, name);
        return std::string(base::as_text(keep(error_ ? failed<base::ByteView>() : in_.take(length, name))));
    }
    base::Bytes rest(size_t limit, std::string_view name) {
        if (in_.remaining() > limit) wrong(DecodeError::Kind::kTooLong, name);
        const auto all = keep(error_ ? failed<base::ByteView>() : in_.take(in_.remaining(), name));
        return {all.begin(), all.end()};
    }
    void wrong(DecodeError::Kind kind, std::string_view name) {
        if (!error_) error_ = DecodeError{kind, in_.offset(), std::string(name)};
    }
    // The frame, unless something was wrong or something follows it.
    base::Result<Frame, DecodeError> finish(Frame frame) {
        if (!error_ && !in_.at_end()) wrong(DecodeError::Kind::kTrailing, "frame");
        if (error_) return *error_;
        return frame;
    }

 private:
    template <class T>
    base::Result<T, DecodeError> failed() const {
        return *error_;
    }
    template <class T>
    T keep(base::Result<T, DecodeError> result) {
        if (result) return *std::move(result);
        if (!error_) error_ = result.error();
        return T{};
    }

    base::Reader in_;
    std::optional<DecodeError> error_;
};

Frame read_hello(Fields& in) {
    Hello hello;
    if (in.u32("magic") != kMagic) in.wrong(DecodeError::Kind::kInvalidValue, "magic");
    hello.version = in.u8("version");
    const uint8_t purpose = in.u8("purpose");
    if (purpose != static_cast<uint8_t>(Purpose::kStream) && purpose != static_cast<uint8_t>(Purpose::kCalls))
        in.wrong(DecodeError::Kind::kInvalidValue, "purpose");
    hello.purpose = static_cast<Purpose>(purpose);
    hello.node = in.text(in.u8("node length"), 255, "node");
    // A later version may say more: it is answered with a refusal that names ours.
    if (hello.version != kLinkVersion) (void)in.rest(kIntroductionOctetsMax, "hello");
    return hello;
}

Frame read_request(Fields& in) {
    Request request;
    request.id = in.u32("id");
    request.kind = in.text(in.u8("kind length"), kKindOctetsMax, "kind");
    request.octets = in.rest(kCallOctetsMax, "request");
    return request;
}

Frame read_reply(Fields& in) {
    Reply reply;
    reply.id = in.u32("id");
    reply.octets = in.rest(kCallOctetsMax, "reply");
    return reply;
}

Frame read_failure(Fields& in) {
    Failure failure;
    failure.id = in.u32("id");
    failure.kind = kind_of(in.u8("error"));
    failure.why = in.text(in.u16("why length"), kTextOctetsMax, "why");
    return failure;
}

}  // namespace

base::Bytes encode(const Frame& frame) {
    base::Writer body;
    std::visit([&](const auto& one) { put(body, one); }, frame);
    const base::Bytes octets = body.take();
    base::Writer out;
    out.u32(static_cast<uint32_t>(octets.size())).raw(octets);
    return out.take();
}

base::Result<Frame, DecodeError> decode(base::ByteView octets) {
    Fields in(octets);
    switch (static_cast<Type>(in.u8("type"))) {
        case Type::kHello:
            return in.finish(read_hello(in));
        case Type::kWelcome:
            return in.finish(Welcome{in.u8("version")});
        case Type::kRefusal:
            return in.finish(Refusal{in.text(in.u16("why length"), kTextOctetsMax, "why")});
        case Type::kRequest:
            return in.finish(read_request(in));
        case Type::kReply:
            return in.finish(read_reply(in));
        case Type::kFailure:
            return in.finish(read_failure(in));
        case Type::kCancel:
            return in.finish(Cancel{in.u32("id")});
        case Type::kRetire:
            return in.finish(Retire{});
    }
    in.wrong(DecodeError::Kind::kUnknownElement, "type");
    return in.finish(Retire{});
}

void FrameReader::feed(base::ByteView octets) {
    if (at_ == buffer_.size()) rest();  // gives the memory of a large frame back
    if (at_ > 0) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
        at_ = 0;
    }
    buffer_.insert(buffer_.end(), octets.begin(), octets.end());
}

base::Result<std::optional<Frame>, DecodeError> FrameReader::next() {
    const base::ByteView left = base::ByteView(buffer_).subspan(at_);
    base::Reader in(left);
    const auto length = in.u32("length");
    if (!length) return std::optional<Frame>{};
    if (*length == 0 || *length > limit_)
        return DecodeError{*length == 0 ? DecodeError::Kind::kInvalidValue : DecodeError::Kind::kTooLong, 0,
                           "length"};
    const auto body = in.take(*length, "frame");
    if (!body) return std::optional<Frame>{};
    auto frame = decode(*body);
    if (!frame) return frame.error();
    at_ += kLengthOctets + *length;
    return std::optional<Frame>{*std::move(frame)};
}

base::Bytes FrameReader::rest() {
    base::Bytes out(buffer_.begin() + static_cast<std::ptrdiff_t>(at_), buffer_.end());
    buffer_ = {};
    at_ = 0;
    return out;
}

}  // namespace replica
