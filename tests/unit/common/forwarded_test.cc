// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/forwarded.h"

#include "tests/support/test.h"

namespace {

using frame::ForwardedRequest;

ForwardedRequest example() {
    ForwardedRequest out;
    out.listener = "api";
    out.request.method = http::Method::kPut;
    out.request.path = "/kv/registers/a\xff";
    out.request.request_id = "r-1";
    out.request.query = {{"consistent", "1"}, {"", ""}};
    out.request.headers = {{"host", "vm-a"},
                           {"connection", "close"},
                           {"idempotency-key", "k-1"},
                           {"content-length", "3"},
                           {"x", std::string("\0y", 2)}};
    out.request.peer = {.kind = http::Peer::Kind::kCertificate,
                        .address = "192.0.2.7:4711",
                        .role = "admin",
                        .site = "test",
                        .node = "client",
                        .certificate_uri = "farol://test/admin/client",
                        .refused = "",
                        .uid = 7};
    out.request.body = std::string("\0{}", 3);
    return out;
}

void a_request_arrives_with_who_sent_it_and_without_headers_of_its_connection() {
    const auto sent = example();
    const auto come = frame::decode_request(frame::encode(sent));
    CHECK(come);
    CHECK_EQ(come->listener, "api");
    CHECK(come->request.method == http::Method::kPut);
    CHECK_EQ(come->request.path, sent.request.path);
    CHECK_EQ(come->request.request_id, "r-1");
    CHECK(come->request.query == sent.request.query);
    CHECK_EQ(come->request.headers.size(), 3U);
    CHECK_EQ(come->request.header("idempotency-key").value_or(""), "k-1");
    CHECK_EQ(come->request.header("x").value_or(""), std::string("\0y", 2));
    CHECK(!come->request.header("connection"));
    CHECK_EQ(come->request.body, sent.request.body);
    CHECK(come->request.peer.kind == http::Peer::Kind::kCertificate);
    CHECK_EQ(come->request.peer.address, "192.0.2.7:4711");
    CHECK_EQ(come->request.peer.role, "admin");
    CHECK_EQ(come->request.peer.site, "test");
    CHECK_EQ(come->request.peer.node, "client");
    CHECK_EQ(come->request.peer.certificate_uri, "farol://test/admin/client");
    CHECK_EQ(come->request.peer.uid, 7U);
}

void an_answer_arrives_whole_also_when_its_body_is_shared() {
    auto sent = http::Response::problem(409, "cas-mismatch", "it is 7");
    sent.headers.emplace_back("retry-after", "1");
    const auto come = frame::decode_response(frame::encode(sent));
    CHECK(come);
    CHECK_EQ(come->status, 409);
    CHECK(come->headers == sent.headers);
    CHECK_EQ(come->body, sent.body);
    http::Response shared;
    shared.shared_body = std::make_shared<const std::string>("page");
    CHECK_EQ(frame::decode_response(frame::encode(shared))->body, "page");
}

template <class Decode>
void refuses_every_mutilation(const base::Bytes& whole, Decode decode) {
    for (size_t length = 0; length < whole.size(); ++length) {
        const auto cut = decode(base::ByteView(whole).first(length));
        CHECK(!cut);
        CHECK(cut.error().kind == base::ErrorKind::kCorrupt);
    }
    base::Bytes longer = whole;
    longer.push_back(0);
    CHECK(!decode(longer));
    base::Bytes newer = whole;
    newer[0] = 2;
    CHECK(!decode(newer));
}

void what_is_cut_or_too_long_or_of_another_version_is_corrupt() {
    refuses_every_mutilation(frame::encode(example()), frame::decode_request);
    refuses_every_mutilation(frame::encode(http::Response::text(200, "good")), frame::decode_response);
}

void a_method_that_there_is_not_is_corrupt() {
    base::Bytes octets = frame::encode(example());
    octets[1 + 4 + 3] = 6;  // after the version and "api"
    CHECK(!frame::decode_request(octets));
}

}  // namespace

GROUP(forwarded, CASE(a_request_arrives_with_who_sent_it_and_without_headers_of_its_connection),
      CASE(an_answer_arrives_whole_also_when_its_body_is_shared),
      CASE(what_is_cut_or_too_long_or_of_another_version_is_corrupt),
      CASE(a_method_that_there_is_not_is_corrupt))
