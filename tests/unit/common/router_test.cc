// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/router.h"

#include "tests/support/test.h"

namespace {

using http::Access;
using http::Method;
using http::Request;

void nothing(const Request&, http::ResponderPtr) {}

Request request(Method method, const std::string& path, const std::string& role = "") {
    Request out;
    out.method = method;
    out.path = path;
    out.peer.role = role;
    if (!role.empty()) out.peer.kind = http::Peer::Kind::kCertificate;
    return out;
}

http::Router alerts() {
    http::Router router;
    router.add({Method::kGet, "/{path...}", Access::anybody(), 0, nothing});
    router.add({Method::kGet, "/alerts/{id}", Access::role({"cbe"}), 0, nothing});
    router.add({Method::kPost, "/alerts/send", Access::role({"cbe"}), 100, nothing});
    router.add({Method::kGet, "/alerts/send", Access::role({"cbe", "admin"}), 0, nothing});
    router.add({Method::kPost, "/alerts/{id}/stop", Access::role({"cbe"}), 100, nothing});
    router.add({Method::kGet, "/api/v1/alerts", Access::session("alert.read"), 0, nothing});
    return router;
}

std::string pattern_of(const http::Router& router, Request asked) {
    const auto match = router.match(asked);
    if (match.refusal) return std::to_string(match.refusal->status);
    return match.route->pattern;
}

void the_more_specific_pattern_wins_whatever_the_order() {
    const auto router = alerts();
    CHECK_EQ(pattern_of(router, request(Method::kGet, "/alerts/send", "cbe")), "/alerts/send");
    CHECK_EQ(pattern_of(router, request(Method::kGet, "/alerts/7", "cbe")), "/alerts/{id}");
    CHECK_EQ(pattern_of(router, request(Method::kGet, "/alerts/7/more", "cbe")), "/{path...}");
    CHECK_EQ(pattern_of(router, request(Method::kGet, "/")), "/{path...}");
    CHECK_EQ(pattern_of(router, request(Method::kGet, "/api/v1/alerts")), "/api/v1/alerts");
}

void parameters_are_taken_from_the_path() {
    const auto router = alerts();
    auto stop = request(Method::kPost, "/alerts/0198-7/stop", "cbe");
    CHECK(!router.match(stop).refusal);
    CHECK_EQ(stop.parameter("id"), "0198-7");
    CHECK_EQ(stop.parameter("other"), "");
    auto rest = request(Method::kGet, "/a/b/c.js");
    CHECK(!router.match(rest).refusal);
    CHECK_EQ(rest.parameter("path"), "a/b/c.js");
}

void an_empty_parameter_does_not_fit() {
    http::Router router;
    router.add({Method::kGet, "/alerts/{id}", Access::anybody(), 0, nothing});
    CHECK_EQ(pattern_of(router, request(Method::kGet, "/alerts/")), "404");
    CHECK_EQ(pattern_of(router, request(Method::kGet, "/alerts")), "404");
    CHECK_EQ(pattern_of(router, request(Method::kGet, "")), "404");
}

void head_is_taken_by_the_get_route() {
    const auto router = alerts();
    CHECK_EQ(pattern_of(router, request(Method::kHead, "/alerts/7", "cbe")), "/alerts/{id}");
}

void another_method_is_405_with_what_is_allowed() {
    const auto router = alerts();
    auto asked = request(Method::kDelete, "/alerts/send", "cbe");
    const auto match = router.match(asked);
    CHECK(match.refusal.has_value());
    CHECK_EQ(match.refusal->status, 405);
    CHECK_EQ(match.refusal->headers.back().first, "allow");
    CHECK_EQ(match.refusal->headers.back().second, "GET, HEAD, POST");
}

void a_route_for_roles_is_closed_to_others() {
    const auto router = alerts();
    CHECK_EQ(pattern_of(router, request(Method::kPost, "/alerts/send", "ocs")), "403");
    CHECK_EQ(pattern_of(router, request(Method::kPost, "/alerts/send")), "401");
    CHECK_EQ(pattern_of(router, request(Method::kPost, "/alerts/send", "admin")), "403");
    auto without = request(Method::kPost, "/alerts/send");
    without.peer.kind = http::Peer::Kind::kUnixSocket;  // of a user who is not in the group
    const auto match = router.match(without);
    CHECK_EQ(match.refusal->status, 403);
    CHECK(match.refusal->body.find("you carry none") != std::string::npos);
    CHECK_EQ(match.route->pattern, "/alerts/send");  // for the log
}

}  // namespace

GROUP(router, CASE(the_more_specific_pattern_wins_whatever_the_order),
      CASE(parameters_are_taken_from_the_path), CASE(an_empty_parameter_does_not_fit),
      CASE(head_is_taken_by_the_get_route), CASE(another_method_is_405_with_what_is_allowed),
      CASE(a_route_for_roles_is_closed_to_others))
