// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/links.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/replica/arrival.h"
#include "common/replica/call_link.h"
#include "common/replica/call_server.h"
#include "common/replica/dial.h"
#include "common/replica/log_streams.h"
#include "common/tls/authority.h"

namespace replica {
namespace {

using namespace std::chrono_literals;
using base::Error;
using base::ErrorKind;

constexpr size_t kArrivals = 64;       // connections that have not said hello yet
constexpr size_t kServersPerNode = 4;  // the newest stay
constexpr size_t kDialsMax = 64;       // streams being opened
constexpr size_t kOneCallsMax = 16;    // calls by address under way
constexpr size_t kRefusalsKept = 64;   // told once each, until they change
constexpr int kSweeps = 25;            // in the time of a renewal
constexpr size_t kTurns = 20;          // in so many of them every connection has its turn
constexpr size_t kUnsentOctets = size_t{32} << 20;

class LinksOnLoop final : public Links {
 public:
    LinksOnLoop(LinkContext context, tls::Files files, std::chrono::milliseconds renew_within);
    ~LinksOnLoop() override;
    base::Result<void> listen(const net::Endpoint& where);

    const NodeName& self() const override { return context_.self.node; }
    const net::Endpoint& bound() const override { return listener_->bound(); }
    void set_nodes(std::vector<NodeAddress> nodes) override;
    void serve(std::string kind, Handler handler) override {
        services_[std::move(kind)] = {std::move(handler), false};
    }
    void serve_strangers(std::string kind, Handler handler) override {
        services_[std::move(kind)] = {std::move(handler), true};
    }
    void call(const NodeName& to, std::string_view kind, base::Bytes request,
              std::chrono::milliseconds deadline, Answer answer) override;
    void call_address(const net::Endpoint& where, std::string_view kind, base::Bytes request,
                      std::chrono::milliseconds deadline, AnswerFrom answer) override;
    base::Result<void> renew() override;
    void open_stream(const NodeName& to, OnStream on_stream) override;
    void on_stream(std::function<void(const NodeName&, base::Fd)> accepted) override {
        accepted_ = std::move(accepted);
    }
    std::vector<Peer> peers() const override;

 private:
    struct Opening {
        NodeName to;
        std::unique_ptr<Dial> dial;
        OnStream on_stream;
    };
    struct OneCall {
        std::unique_ptr<CallLink> link;
        AnswerFrom answer;
    };
    struct Server {
        std::unique_ptr<CallServer> calls;
        bool stranger;
    };

    bool is_known(const NodeName& node) const { return links_.contains(node); }
    void arrive(net::TlsListener::Accepted accepted);
    base::Result<void> judge(const NodeName& node, Purpose purpose) const;
    void welcome(Connection connection, Purpose purpose);
    void refused(const std::string& peer, const std::string& address, const std::string& why);
    void serve_calls(Connection connection);
    void close_server(uint64_t id, const std::string& why);
    void cut_off(const NodeName& node, const std::string& why);
    void opened(uint64_t id, base::Result<Connection> result);
    void sweep();
    bool remake_one();

    LinkContext context_;
    tls::Files files_;
    Services services_;
    std::function<void(const NodeName&, base::Fd)> accepted_;
    std::map<NodeName, std::unique_ptr<CallLink>> links_;  // to each known node but ourselves
    std::map<uint64_t, Opening> openings_;
    std::map<uint64_t, OneCall> one_calls_;
    std::map<uint64_t, std::unique_ptr<Arrival>> arrivals_;
    std::map<uint64_t, Server> servers_;
    LogStreams streams_;
    std::set<std::string> refusals_;
    size_t remakes_a_sweep_ = 1;
    uint64_t last_ = 0;
    std::shared_ptr<const char> alive_ = std::make_shared<const char>('\0');
    loop::HandlePtr sweep_;
    std::unique_ptr<net::TlsListener> listener_;
};

LinksOnLoop::LinksOnLoop(LinkContext context, tls::Files files, std::chrono::milliseconds renew_within)
    : context_(std::move(context)), files_(std::move(files)), streams_(context_) {
    sweep_ = context_.loop.every(renew_within / kSweeps, [this] { sweep(); });
}

LinksOnLoop::~LinksOnLoop() {
    alive_.reset();
    listener_.reset();
    sweep_.reset();
    arrivals_.clear();
    servers_.clear();
    // What is answered here may ask for more: it meets empty lists.
    const auto one_calls = std::exchange(one_calls_, {});
    const auto links = std::exchange(links_, {});
    auto openings = std::exchange(openings_, {});
    for (auto& [id, opening] : openings) {
        opening.dial.reset();
        opening.on_stream(Error{ErrorKind::kUnavailable, "the links were closed"});
    }
}

base::Result<void> LinksOnLoop::listen(const net::Endpoint& where) {
    auto made = net::TlsListener::listen(
        context_.loop, where, context_.server, context_.limits,
        [this](net::TlsListener::Accepted accepted) { arrive(std::move(accepted)); },
        [this](const std::string& remote, const std::string& why) { refused("", remote, why); });
    if (!made) return made.error();
    listener_ = std::move(*made);
    return {};
}

void LinksOnLoop::set_nodes(std::vector<NodeAddress> nodes) {
    std::erase_if(nodes, [this](const NodeAddress& one) { return one.node == self(); });
    std::vector<NodeName> gone;
    for (const auto& [node, link] : links_) {
        const auto same = [&, known = &node, at = &link->endpoint()](const NodeAddress& one) {
            return one.node == *known && one.endpoint.host == at->host && one.endpoint.port == at->port;
        };
        if (std::none_of(nodes.begin(), nodes.end(), same)) gone.push_back(node);
    }
    for (const NodeName& node : gone) cut_off(node, "it was removed, or has another address");
    for (const NodeAddress& one : nodes)
        if (!is_known(one.node))
            links_[one.node] =
                std::make_unique<CallLink>(context_, one.endpoint, one.node, CallLink::Life::kLasting);
    for (auto& [id, server] : servers_) server.stranger = server.stranger && !is_known(server.calls->node());
}

void LinksOnLoop::cut_off(const NodeName& node, const std::string& why) {
    context_.log.notice("links.cut_off", {{"peer", node}, {"why", why}});
    const auto link = links_.extract(node);
    std::erase_if(servers_,
                  [&](const auto& one) { return one.second.calls->node() == node && !one.second.stranger; });
    streams_.close_if([&](const LogStreams::Stream& one) { return one.node == node; }, why);
    std::vector<uint64_t> ids;
    for (const auto& [id, opening] : openings_)
        if (opening.to == node) ids.push_back(id);
    for (const uint64_t id : ids) opened(id, Error{ErrorKind::kUnavailable, node + ": " + why});
}

void LinksOnLoop::call(const NodeName& to, std::string_view kind, base::Bytes request,
                       std::chrono::milliseconds deadline, Answer answer) {
    const auto link = links_.find(to);
    if (link != links_.end())
        return link->second->call(kind, std::move(request), deadline, std::move(answer));
    context_.loop.post([answer = std::move(answer), to] {
        answer(Error{ErrorKind::kUnavailable, "node " + to + " is not known here"});
    });
}

void LinksOnLoop::call_address(const net::Endpoint& where, std::string_view kind, base::Bytes request,
                               std::chrono::milliseconds deadline, AnswerFrom answer) {
    if (one_calls_.size() >= kOneCallsMax) {
        context_.loop.post([answer = std::move(answer)] {
            answer("", Error{ErrorKind::kUnavailable, "too many calls by address at once"});
        });
        return;
    }
    const uint64_t id = ++last_;
    auto link = std::make_unique<CallLink>(context_, where, "", CallLink::Life::kOneCall);
    CallLink& used = *link;
    one_calls_[id] = {std::move(link), nullptr};
    used.call(kind, std::move(request), deadline,
              [this, id, answer = std::move(answer), link = &used,
               alive = std::weak_ptr<const char>(alive_)](base::Result<base::Bytes> result) {
                  if (alive.expired()) return answer("", std::move(result));
                  const NodeName by = link->node();
                  // It goes on a turn of its own: it is still at work here.
                  context_.loop.post([this, id, alive] {
                      if (!alive.expired()) one_calls_.erase(id);
                  });
                  answer(by, std::move(result));
              });
}

void LinksOnLoop::open_stream(const NodeName& to, OnStream on_stream) {
    const auto link = links_.find(to);
    if (link == links_.end() || openings_.size() >= kDialsMax) {
        const std::string why = link == links_.end() ? " is not known here" : ": too many streams at once";
        context_.loop.post([on_stream = std::move(on_stream), text = "node " + to + why] {
            on_stream(Error{ErrorKind::kUnavailable, text});
        });
        return;
    }
    const uint64_t id = ++last_;
    openings_[id] = {to,
                     std::make_unique<Dial>(
                         context_, Dial::Target{link->second->endpoint(), to, Purpose::kStream},
                         [this, id](base::Result<Connection> result) { opened(id, std::move(result)); }),
                     std::move(on_stream)};
}

void LinksOnLoop::opened(uint64_t id, base::Result<Connection> result) {
    const auto node = openings_.extract(id);
    const Opening& opening = node.mapped();
    if (!result) return opening.on_stream(result.error());
    opening.on_stream(streams_.join(*std::move(result), Origin::kOurs));
}

void LinksOnLoop::arrive(net::TlsListener::Accepted accepted) {
    if (arrivals_.size() >= kArrivals)
        return refused(accepted.peer.identity.uri, accepted.stream->remote(), "too many at once");
    const uint64_t id = ++last_;
    arrivals_[id] = std::make_unique<Arrival>(
        Arrival::Owner{
            .context = context_,
            .judge = [this](const NodeName& node, Purpose purpose) { return judge(node, purpose); },
            .welcomed =
                [this, id](Connection connection, Purpose purpose) {
                    const auto gone = arrivals_.extract(id);
                    welcome(std::move(connection), purpose);
                },
            .refused =
                [this, id](const std::string& why) {
                    const auto gone = arrivals_.extract(id);
                    refused(gone.mapped()->identity().uri, gone.mapped()->remote(), why);
                }},
        std::move(accepted));
}

base::Result<void> LinksOnLoop::judge(const NodeName& node, Purpose purpose) const {
    if (node == self()) return base::refused("node " + node + " is my own name");
    if (is_known(node)) return {};
    const bool strangers =
        std::any_of(services_.begin(), services_.end(), [](const auto& one) { return one.second.strangers; });
    if (purpose == Purpose::kCalls && strangers) return {};
    return base::refused("node " + node + " is not known here");
}

void LinksOnLoop::welcome(Connection connection, Purpose purpose) {
    refusals_.clear();
    if (purpose == Purpose::kCalls) return serve_calls(std::move(connection));
    const NodeName node = connection.node;
    auto joined = streams_.join(std::move(connection), Origin::kTheirs);
    if (!joined) {
        context_.log.error("links.stream.failed", {{"peer", node}, {"error", joined.error().text}});
    } else if (accepted_) {
        accepted_(node, *std::move(joined));
    }
}

void LinksOnLoop::refused(const std::string& peer, const std::string& address, const std::string& why) {
    const std::string host = address.substr(0, address.rfind(':'));
    if (refusals_.size() >= kRefusalsKept) refusals_.clear();
    if (!refusals_.insert(peer + host + why).second) return;  // it tries again and again
    context_.log.warning("links.refused", {{"peer", peer}, {"address", address}, {"why", why}});
}

void LinksOnLoop::serve_calls(Connection connection) {
    const NodeName node = connection.node;
    const auto of_node = [&node](const auto& one) { return one.second.calls->node() == node; };
    if (std::count_if(servers_.begin(), servers_.end(), of_node) >= static_cast<ptrdiff_t>(kServersPerNode))
        servers_.erase(std::find_if(servers_.begin(), servers_.end(), of_node));
    const uint64_t id = ++last_;
    auto calls = std::make_unique<CallServer>(
        CallServer::Owner{.context = context_,
                          .services = services_,
                          .is_known = [this](const NodeName& one) { return is_known(one); },
                          .on_closed = [this, id](const std::string& why) { close_server(id, why); }},
        std::move(connection));
    CallServer& started = *calls;
    servers_[id] = {std::move(calls), !is_known(node)};
    started.start();
}

void LinksOnLoop::close_server(uint64_t id, const std::string& why) {
    const auto gone = servers_.extract(id);
    if (!gone.empty())
        context_.log.info("links.caller.gone", {{"peer", gone.mapped().calls->node()}, {"why", why}});
}

base::Result<void> LinksOnLoop::renew() {
    const auto identity = tls::own_identity(files_);
    if (!identity) return identity.error();
    if (identity->uri != context_.self.uri)
        return base::invalid("the new certificate is " + identity->uri + ", not " + context_.self.uri);
    const auto info = tls::read_certificate(files_.certificate);
    if (!info) return info.error();
    auto server = context_.server->prepare(files_);
    if (!server) return server.error();
    auto client = context_.client->prepare(files_);
    if (!client) return client.error();
    context_.server->adopt(*std::move(server));
    context_.client->adopt(*std::move(client));
    context_.own_not_after = info->not_after;
    ++context_.generation;
    remakes_a_sweep_ = 1 + (streams_.size() + servers_.size() + links_.size()) / kTurns;
    context_.log.notice("links.renewed", {{"until", base::to_rfc3339(info->not_after)}});
    return {};
}

// A few connections a turn are made anew after a renewal, so that never all are away at once; those whose
// certificate has ended go at once.
void LinksOnLoop::sweep() {
    const base::Ticks now = context_.clock.ticks();
    const std::string why = "its certificate has ended";
    const size_t closed =
        streams_.close_if([now](const LogStreams::Stream& one) { return one.vintage.ends <= now; }, why);
    const size_t served =
        std::erase_if(servers_, [now](const auto& one) { return one.second.calls->vintage().ends <= now; });
    std::vector<NodeName> all;  // an answer may change the nodes
    for (const auto& [node, link] : links_) all.push_back(node);
    size_t called = 0;
    for (const NodeName& node : all) {
        const auto link = links_.find(node);
        called += link != links_.end() && link->second->end_at(now) ? 1 : 0;
    }
    if (closed + served + called > 0)
        context_.log.warning("links.certificate.ended", {{"connections", closed + served + called}});
    for (size_t i = 0; i < remakes_a_sweep_ && remake_one(); ++i) continue;
}

bool LinksOnLoop::remake_one() {
    const Generation now = context_.generation;
    if (streams_.close_one_if([now](const LogStreams::Stream& one) { return one.vintage.generation != now; },
                              "made anew with the new certificate"))
        return true;
    for (auto& [id, server] : servers_) {
        if (server.calls->vintage().generation == now || server.calls->retired()) continue;
        server.calls->retire();
        return true;
    }
    for (auto& [node, link] : links_) {
        if (link->vintage() != nullptr && link->vintage()->generation != now && link->remake()) return true;
    }
    return false;
}

std::vector<Links::Peer> LinksOnLoop::peers() const {
    std::vector<Peer> out;
    for (const auto& [node, link] : links_) {
        const bool called = std::any_of(servers_.begin(), servers_.end(), [known = &node](const auto& one) {
            return one.second.calls->node() == *known;
        });
        const bool connected = link->up() || called || streams_.any(node);
        out.push_back({node, connected, connected ? "" : link->last_error(), link->connects()});
    }
    return out;
}

}  // namespace

base::Result<std::unique_ptr<Links>> Links::open(const LinksConfig& config, loop::Loop& loop, logs::Log log) {
    const auto self = tls::own_identity(config.files);
    if (!self) return self.error();
    const auto info = tls::read_certificate(config.files.certificate);
    if (!info) return info.error();
    auto server =
        tls::ServerContext::create(config.files, tls::ClientCertificate::kRequired, {kLinkProtocol});
    if (!server) return server.error();
    auto client = tls::ClientContext::create(config.files, {kLinkProtocol});
    if (!client) return client.error();
    const net::TcpLimits limits{.unsent_octets = kUnsentOctets,
                                .connect_timeout = config.step_timeout,
                                .send_timeout = 0ms,  // dead_after holds for a peer that takes nothing, too
                                .dead_after = config.dead_after};
    LinkContext context{loop,   std::move(log),          *self, *server,         *client,
                        limits, config.renew_within / 6, 0,     info->not_after, {}};
    auto links = std::make_unique<LinksOnLoop>(std::move(context), config.files, config.renew_within);
    if (const auto listening = links->listen(config.listen); !listening) return listening.error();
    return std::unique_ptr<Links>{std::move(links)};
}

}  // namespace replica
