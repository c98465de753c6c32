// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/forwarded.h"

#include <algorithm>
#include <array>

namespace frame {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr uint8_t kVersion = 1;
constexpr auto kLastMethod = http::Method::kDelete;
constexpr auto kLastKind = http::Peer::Kind::kUnixSocket;
constexpr std::array<std::string_view, 9> kOfOneConnection{"connection", "content-length",    "expect",
                                                           "keep-alive", "proxy-connection",  "te",
                                                           "trailer",    "transfer-encoding", "upgrade"};

bool travels(std::string_view header) {
    return std::find(kOfOneConnection.begin(), kOfOneConnection.end(), header) == kOfOneConnection.end();
}

void put_text(base::Writer& out, std::string_view text) {
    out.u32(static_cast<uint32_t>(text.size())).raw(base::as_bytes(text));
}

void put_pairs(base::Writer& out, const Pairs& pairs) {
    out.u16(static_cast<uint16_t>(pairs.size()));
    for (const auto& [name, value] : pairs) {
        put_text(out, name);
        put_text(out, value);
    }
}

// Reads on after a mistake too, giving empty values: whoever decodes asks good() once, at the end.
class Input {
 public:
    explicit Input(base::ByteView octets) : in_(octets) {}

    uint8_t u8() { return take(in_.u8("octet")); }
    uint16_t u16() { return take(in_.u16("number")); }
    uint32_t u32() { return take(in_.u32("number")); }
    std::string text() {
        const uint32_t length = u32();
        const auto octets = in_.take(length, "text");
        if (octets) return std::string(base::as_text(*octets));
        good_ = false;
        return {};
    }
    Pairs pairs() {
        Pairs out;
        for (uint16_t left = u16(); left > 0 && good_; --left) {
            std::string name = text();
            out.emplace_back(std::move(name), text());
        }
        return out;
    }
    template <class Word>
    Word one_of(Word last) {
        const uint8_t number = u8();
        if (number > static_cast<uint8_t>(last)) good_ = false;
        return static_cast<Word>(good_ ? number : 0);
    }
    void version() { good_ = u8() == kVersion && good_; }
    base::Result<void> ended(std::string_view what) const {
        if (good_ && in_.at_end()) return {};
        return base::Error{base::ErrorKind::kCorrupt,
                           std::string(what) + " of another node is not of our form"};
    }

 private:
    template <class Value>
    Value take(const base::Result<Value, base::DecodeError>& value) {
        if (value) return *value;
        good_ = false;
        return {};
    }
    base::Reader in_;
    bool good_ = true;
};

}  // namespace

base::Bytes encode(const ForwardedRequest& forwarded) {
    const http::Request& request = forwarded.request;
    base::Writer out;
    out.u8(kVersion);
    put_text(out, forwarded.listener);
    out.u8(static_cast<uint8_t>(request.method));
    put_text(out, request.path);
    put_text(out, request.request_id);
    put_pairs(out, request.query);
    Pairs headers;
    std::copy_if(request.headers.begin(), request.headers.end(), std::back_inserter(headers),
                 [](const auto& header) { return travels(header.first); });
    put_pairs(out, headers);
    const http::Peer& peer = request.peer;
    out.u8(static_cast<uint8_t>(peer.kind));
    for (const std::string* text :
         {&peer.address, &peer.role, &peer.site, &peer.node, &peer.certificate_uri, &peer.refused})
        put_text(out, *text);
    out.u32(peer.uid);
    put_text(out, request.body);
    return out.take();
}

base::Result<ForwardedRequest> decode_request(base::ByteView octets) {
    Input in(octets);
    ForwardedRequest out;
    in.version();
    out.listener = in.text();
    out.request.method = in.one_of(kLastMethod);
    out.request.path = in.text();
    out.request.request_id = in.text();
    out.request.query = in.pairs();
    out.request.headers = in.pairs();
    http::Peer& peer = out.request.peer;
    peer.kind = in.one_of(kLastKind);
    for (std::string* text :
         {&peer.address, &peer.role, &peer.site, &peer.node, &peer.certificate_uri, &peer.refused})
        *text = in.text();
    peer.uid = in.u32();
    out.request.body = in.text();
    if (auto good = in.ended("a request"); !good) return good.error();
    return out;
}

base::Bytes encode(const http::Response& response) {
    base::Writer out;
    out.u8(kVersion).u16(static_cast<uint16_t>(response.status));
    put_pairs(out, response.headers);
    put_text(out, response.shared_body ? *response.shared_body : response.body);
    return out.take();
}

base::Result<http::Response> decode_response(base::ByteView octets) {
    Input in(octets);
    in.version();
    http::Response out;
    out.status = in.u16();
    out.headers = in.pairs();
    out.body = in.text();
    if (auto good = in.ended("an answer"); !good) return good.error();
    return out;
}

}  // namespace frame
