// SPDX-License-Identifier: AGPL-3.0-or-later
//
// HTTP requests and responses as plain values, and who sent them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete };
std::string_view to_string(Method method);
// "Not Found" for 404; RFC 9110 §15.
std::string_view reason_phrase(int status);

// Who is at the other end, as far as the transport knows.
struct Peer {
    enum class Kind { kAnonymous, kCertificate, kUnixSocket };
    Kind kind = Kind::kAnonymous;
    std::string address;  // "192.0.2.7:40112"; empty for a Unix socket
    std::string role;  // from the certificate's URI farol://<site>/<role>/<node>; "admin" for a Unix socket
    std::string site;
    std::string node;
    std::string certificate_uri;
    std::string refused;  // why the certificate that was shown gives no role; a clause
    uint32_t uid = 0;     // SO_PEERCRED of a Unix socket
};

// Valid while the handler runs; a handler that answers later copies what it needs.
struct Request {
    Method method = Method::kGet;
    std::string path;                               // decoded, without the query
    std::map<std::string, std::string> parameters;  // {id} of the route's pattern
    std::vector<std::pair<std::string, std::string>> query;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    Peer peer;
    std::string request_id;  // ours, or the client's X-Request-Id when it is well-formed

    std::optional<std::string> header(std::string_view name) const;  // name in lower case
    std::optional<std::string> query_value(std::string_view name) const;
    std::optional<std::string> cookie(std::string_view name) const;
    // Empty when the pattern has none of that name.
    const std::string& parameter(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    // Instead of `body`: octets that many responses give away at once (a static file), shared with its owner.
    std::shared_ptr<const std::string> shared_body;

    static Response json(int status, std::string body);
    static Response text(int status, std::string body);
    static Response empty(int status);
    // RFC 9457 application/problem+json. `detail` is a sentence for a person: what, where, what to do. `code`
    // is a stable word for programs ("digest-mismatch").
    static Response problem(int status, std::string_view code, std::string_view detail);
    Response&& with_header(std::string name, std::string value) &&;
};

// Answers one request, exactly once, now or later, from the loop's thread. A Responder that is dropped
// unanswered answers 500. Harmless after the connection has gone.
class Responder {
 public:
    virtual ~Responder() = default;
    virtual void respond(Response response) = 0;
    // Turns the answer into a server-sent event stream. `EventStream::send` is refused (false) and the stream
    // closed when the client reads too slowly; destroying the stream ends it.
    class EventStream {
     public:
        virtual ~EventStream() = default;
        virtual bool send(std::string_view event, std::string_view data, std::string_view id = {}) = 0;
        virtual bool open() const = 0;
    };
    virtual std::unique_ptr<EventStream> stream() = 0;
};
using ResponderPtr = std::unique_ptr<Responder>;

using Handler = std::function<void(const Request&, ResponderPtr)>;

}  // namespace http
