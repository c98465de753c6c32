// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/cluster_http.h"

#include "common/frame/forwarded.h"
#include "tests/support/test.h"

using namespace std::chrono_literals;

namespace {

using frame::Leadership;
using http::Method;
using http::Request;
using http::ResponderPtr;
using http::Response;
using store::Outcome;

// Keeps what was asked of it until the test answers.
class FakeLeadership final : public Leadership {
 public:
    Standing standing() const override { return now; }
    std::optional<std::chrono::milliseconds> read_age() const override { return age; }
    void confirm(std::function<void(bool)> answer) override { confirms.push_back(std::move(answer)); }
    void forward(base::Bytes request, OnForwarded on_forwarded) override {
        requests.push_back(std::move(request));
        answers.push_back(std::move(on_forwarded));
    }

    Standing now = Standing::kAlone;
    std::optional<std::chrono::milliseconds> age = 12ms;
    std::vector<std::function<void(bool)>> confirms;
    std::vector<base::Bytes> requests;
    std::vector<OnForwarded> answers;
};

class Kept final : public http::Responder {
 public:
    explicit Kept(std::vector<Response>& to) : to_(to) {}
    void respond(Response response) override { to_.push_back(std::move(response)); }
    std::unique_ptr<EventStream> stream() override { return nullptr; }

 private:
    std::vector<Response>& to_;
};

struct Node {
    Node() {
        const auto note = [this](const Request& request, ResponderPtr responder) {
            handled.push_back(request.path + " by " + request.peer.role + " " + request.parameter("key"));
            responder->respond(Response::text(200, "mine"));
        };
        const auto admin = http::Access::role({"admin"});
        router.add({Method::kGet, "/kv/{key}", admin, 0, note});
        router.add({Method::kPut, "/kv/{key}", admin, 10, note});
        router.add({Method::kPost, "/here", admin, 10, note, http::Where::kHere});
        router.add({Method::kGet, "/events", admin, 0,
                    [](const Request&, ResponderPtr responder) { (void)responder->stream(); }});
        router.add({Method::kGet, "/wrong", admin, 0,
                    [](const Request&, ResponderPtr) { throw std::runtime_error("a mistake"); }});
        dispatch = http.dispatch_for("api", router);
    }

    static Request request(Method method, const std::string& path) {
        Request out;
        out.method = method;
        out.path = path;
        out.peer.kind = http::Peer::Kind::kCertificate;
        out.peer.role = "admin";
        return out;
    }
    void ask(Method method, const std::string& path, bool consistent = false) {
        Request asked = request(method, path);
        if (consistent) asked.query = {{"consistent", "1"}};
        asked.headers = {{"idempotency-key", "k-1"}};
        const auto match = router.match(asked);
        CHECK(match.route != nullptr);
        dispatch(*match.route, asked, std::make_unique<Kept>(responses));
    }
    // As another node passes it on; what comes back.
    void serve(const Request& passed_on, const std::string& listener = "api") {
        http.serve(frame::encode(frame::ForwardedRequest{listener, passed_on}),
                   [this](const store::Done& done, const base::Bytes& answer) {
                       served.push_back(done.outcome);
                       if (done.outcome == Outcome::kOk) responses.push_back(*frame::decode_response(answer));
                   });
    }
    std::string header(const std::string& name) const {
        for (const auto& [one, value] : responses.at(0).headers)
            if (one == name) return value;
        return "";
    }

    FakeLeadership leadership;
    http::Router router;
    frame::ClusterHttp http{leadership, logs::Log::discard()};
    http::Dispatch dispatch;
    std::vector<std::string> handled;
    std::vector<Response> responses;
    std::vector<Outcome> served;
};

void alone_everything_is_answered_here() {
    Node node;
    node.ask(Method::kPut, "/kv/a");
    node.ask(Method::kGet, "/kv/a", true);
    CHECK_EQ(node.handled.size(), 2U);
    CHECK_EQ(node.header("Farol-Read-Age"), "");
    CHECK(node.leadership.requests.empty());
}

void reads_on_a_follower_say_how_old_they_may_be() {
    Node node;
    node.leadership.now = Leadership::Standing::kFollows;
    node.ask(Method::kGet, "/kv/a");
    CHECK_EQ(node.handled.size(), 1U);
    CHECK_EQ(node.header("Farol-Read-Age"), "12");
    node.responses.clear();
    node.leadership.age.reset();
    node.ask(Method::kHead, "/kv/a");
    CHECK_EQ(node.header("Farol-Read-Age"), "unknown");
}

void writes_and_newest_reads_on_a_follower_go_to_the_leader() {
    Node follower;
    follower.leadership.now = Leadership::Standing::kFollows;
    follower.ask(Method::kPut, "/kv/a");
    follower.ask(Method::kGet, "/kv/a", true);
    CHECK(follower.handled.empty());
    CHECK_EQ(follower.leadership.requests.size(), 2U);
    const auto passed = frame::decode_request(follower.leadership.requests.at(0));
    CHECK(passed);
    CHECK_EQ(passed->listener, "api");
    CHECK_EQ(passed->request.peer.role, "admin");
    CHECK_EQ(passed->request.header("idempotency-key").value_or(""), "k-1");
    follower.leadership.answers.at(0)({Outcome::kOk, {}},
                                      frame::encode(Response::problem(409, "cas-mismatch", "")));
    CHECK_EQ(follower.responses.at(0).status, 409);
}

void what_concerns_one_node_stays_there() {
    Node node;
    node.leadership.now = Leadership::Standing::kFollows;
    node.ask(Method::kPost, "/here");
    CHECK_EQ(node.handled.size(), 1U);
    CHECK(node.leadership.requests.empty());
}

void a_write_that_did_not_arrive_or_was_lost_is_told_apart() {
    Node node;
    node.leadership.now = Leadership::Standing::kFollows;
    for (int i = 0; i < 2; ++i) node.ask(Method::kPut, "/kv/a");
    node.ask(Method::kGet, "/kv/a", true);
    node.leadership.answers.at(0)({Outcome::kNotLeader, {}}, {});
    node.leadership.answers.at(1)({Outcome::kUnknown, {}}, {});
    node.leadership.answers.at(2)({Outcome::kUnknown, {}}, {});
    const auto code = [&](size_t i) {
        CHECK_EQ(node.responses.at(i).status, 503);
        return node.responses.at(i).body;
    };
    CHECK(code(0).find("not-leader") != std::string::npos);
    CHECK(code(1).find("outcome-unknown") != std::string::npos);
    CHECK(code(2).find("not-leader") != std::string::npos);
}

void an_answer_that_is_no_answer_is_not_taken_for_one() {
    Node node;
    node.leadership.now = Leadership::Standing::kFollows;
    node.ask(Method::kPut, "/kv/a");
    node.leadership.answers.at(0)({Outcome::kOk, {}}, base::Bytes{9, 9});
    CHECK_EQ(node.responses.at(0).status, 500);
}

void the_newest_read_on_the_leader_waits_for_the_majority() {
    Node node;
    node.leadership.now = Leadership::Standing::kLeads;
    node.ask(Method::kGet, "/kv/a", true);
    node.ask(Method::kGet, "/kv/b", true);
    node.ask(Method::kGet, "/kv/c");
    CHECK_EQ(node.handled.size(), 1U);
    node.leadership.confirms.at(0)(true);
    CHECK_EQ(node.handled.at(1), "/kv/a by admin a");
    node.leadership.confirms.at(1)(false);
    CHECK_EQ(node.handled.size(), 2U);
    CHECK_EQ(node.responses.at(2).status, 503);
}

void the_leader_answers_what_was_passed_on_as_that_caller() {
    Node node;
    node.leadership.now = Leadership::Standing::kLeads;
    Request write = Node::request(Method::kPut, "/kv/a");
    node.serve(write);
    CHECK_EQ(node.handled.at(0), "/kv/a by admin a");
    CHECK_EQ(node.responses.at(0).body, "mine");
    write.peer.role = "cbe";
    node.serve(write);
    CHECK_EQ(node.responses.at(1).status, 403);
    write.peer.role = "admin";
    write.body = "more than ten octets";
    node.serve(write);
    CHECK_EQ(node.responses.at(2).status, 413);
    node.serve(Node::request(Method::kPut, "/kv/a"), "other");
    CHECK_EQ(node.responses.at(3).status, 404);
    Request newest = Node::request(Method::kGet, "/kv/a");
    newest.query = {{"consistent", "1"}};
    node.serve(newest);
    CHECK_EQ(node.responses.size(), 4U);
    node.leadership.confirms.at(0)(true);
    CHECK_EQ(node.responses.at(4).status, 200);
}

void what_was_passed_on_is_never_passed_on_again() {
    Node node;
    for (const auto standing : {Leadership::Standing::kFollows, Leadership::Standing::kAlone}) {
        node.leadership.now = standing;
        node.serve(Node::request(Method::kPut, "/kv/a"));
        CHECK(node.served.back() == Outcome::kNotLeader);
    }
    CHECK(node.handled.empty() && node.leadership.requests.empty());
}

void a_handler_that_fails_or_streams_answers_the_other_node_all_the_same() {
    Node node;
    node.leadership.now = Leadership::Standing::kLeads;
    node.serve(Node::request(Method::kGet, "/wrong"));
    CHECK_EQ(node.responses.at(0).status, 500);
    node.serve(Node::request(Method::kGet, "/events"));
    CHECK_EQ(node.responses.at(1).status, 501);
}

void a_body_too_large_to_travel_is_refused_where_it_was_sent() {
    Node node;
    node.leadership.now = Leadership::Standing::kFollows;
    Request request = Node::request(Method::kPut, "/kv/a");
    request.body.assign(size_t{2} << 20, 'x');
    const auto match = node.router.match(request);
    node.dispatch(*match.route, request, std::make_unique<Kept>(node.responses));
    CHECK_EQ(node.responses.at(0).status, 413);
    CHECK(node.leadership.requests.empty());
}

}  // namespace

GROUP(cluster_http, CASE(alone_everything_is_answered_here),
      CASE(reads_on_a_follower_say_how_old_they_may_be),
      CASE(writes_and_newest_reads_on_a_follower_go_to_the_leader), CASE(what_concerns_one_node_stays_there),
      CASE(a_write_that_did_not_arrive_or_was_lost_is_told_apart),
      CASE(an_answer_that_is_no_answer_is_not_taken_for_one),
      CASE(the_newest_read_on_the_leader_waits_for_the_majority),
      CASE(the_leader_answers_what_was_passed_on_as_that_caller),
      CASE(what_was_passed_on_is_never_passed_on_again),
      CASE(a_handler_that_fails_or_streams_answers_the_other_node_all_the_same),
      CASE(a_body_too_large_to_travel_is_refused_where_it_was_sent))
