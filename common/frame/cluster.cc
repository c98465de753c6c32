// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/cluster.h"

#include "common/replica/fetching.h"

namespace frame {
namespace {

constexpr std::string_view kRequestKind = "http";

}  // namespace

// Each stands on those before it.
struct Cluster::Side {
    std::unique_ptr<replica::Links> links;
    std::unique_ptr<replica::SnapshotSource> snapshot_source;
    std::unique_ptr<replica::BlobSource> blob_source;
    std::unique_ptr<replica::SnapshotFetch> snapshot_fetch;
    std::unique_ptr<replica::BlobFetch> blob_fetch;
    std::unique_ptr<replica::Fetching> fetching;
};

Cluster::Cluster(const ClusterSettings& settings, const Parts& parts, const logs::Log& log)
    : settings_(settings), parts_(parts), log_(log), http_(*this, log) {}

base::Result<std::unique_ptr<Cluster>> Cluster::open(const ClusterSettings& settings,
                                                     const std::string& state, const Parts& parts,
                                                     const logs::Log& log) {
    std::unique_ptr<Cluster> cluster(new Cluster(settings, parts, log));
    if (auto opened = cluster->open_side(state); !opened) return opened.error();
    if (auto opened = cluster->open_replica(state); !opened) return opened.error();
    // Whoever calls us finds everything in its place.
    cluster->links_thread_ = std::thread([&loop = *cluster->links_loop_] { loop.run(); });
    return cluster;
}

base::Result<void> Cluster::open_side(const std::string& state) {
    auto loop = loop::Loop::create();
    if (!loop) return loop.error();
    links_loop_ = std::move(*loop);
    side_ = std::make_unique<Side>();
    const replica::LinksConfig at{.listen = settings_.listen, .files = settings_.files};
    auto links = parts_.open_links ? parts_.open_links(at, *links_loop_, log_)
                                   : replica::Links::open(at, *links_loop_, log_);
    if (!links) return links.error();
    side_->links = std::move(*links);
    bound_ = side_->links->bound();
    const replica::LinksSide on{*side_->links, *links_loop_, *links_loop_, parts_.clock, log_};
    const std::string copies = state + "/copies";
    std::error_code problem;
    std::filesystem::create_directories(copies, problem);
    if (problem) return base::io_error("make folder " + copies, problem.value());
    replica::SnapshotSourceConfig outgoing;
    outgoing.order.directory = copies + "/outgoing";
    outgoing.order.octets_per_second = settings_.copy_rate;
    auto source = replica::SnapshotSource::open(outgoing, parts_.store.sink(), on);
    if (!source) return source.error();
    side_->snapshot_source = std::move(*source);
    replica::SnapshotFetchConfig incoming;
    incoming.directory = copies + "/incoming";
    incoming.octets_per_second = settings_.copy_rate;
    auto fetch = replica::SnapshotFetch::open(incoming, on);
    if (!fetch) return fetch.error();
    side_->snapshot_fetch = std::move(*fetch);
    side_->blob_source = std::make_unique<replica::BlobSource>(parts_.blobs, on);
    replica::BlobFetchConfig blobs;
    blobs.others = [side = side_.get()] {
        std::vector<replica::NodeName> names;
        for (const auto& peer : side->links->peers()) names.push_back(peer.node);
        return names;
    };
    side_->blob_fetch = std::make_unique<replica::BlobFetch>(blobs, parts_.blobs, on);
    side_->fetching =
        std::make_unique<replica::Fetching>(*side_->snapshot_fetch, &parts_.blobs, side_->blob_fetch.get());
    forwarder_ = std::make_unique<replica::Forwarder>(
        replica::ForwardConfig{}, replica::ForwardSide{*side_->links, *links_loop_, parts_.main, parts_.main,
                                                       parts_.clock, side_->links->self()});
    serve_requests();
    return {};
}

base::Result<void> Cluster::open_replica(const std::string& state) {
    replica::ReplicaConfig config;
    config.directory = state + "/raft";
    config.advertise = settings_.advertise;
    config.role = settings_.role;
    config.timing = settings_.timing;
    auto replica = replica::Replica::open(
        config, {parts_.main, *side_->links, *links_loop_, parts_.store, *side_->fetching}, log_);
    if (!replica) return replica.error();
    replica_ = std::move(*replica);
    replica_->on_change([this](const replica::ReplicaStatus& status) { take(status); });
    take(replica_->status());
    return {};
}

Cluster::~Cluster() {
    replica_.reset();
    forwarder_.reset();
    if (!links_thread_.joinable()) return;
    links_loop_->post([&loop = *links_loop_] { loop.stop(); });
    links_thread_.join();
}

void Cluster::serve_requests() {
    forwarder_->serve(std::string(kRequestKind), [this](const replica::NodeName&, const base::Bytes& payload,
                                                        replica::Forwarder::Done answer) {
        http_.serve(payload, [answer = std::move(answer)](const store::Done& done, base::Bytes octets) {
            answer({done.outcome, done.error, std::move(octets)});
        });
    });
}

void Cluster::take(const replica::ReplicaStatus& status) {
    using replica::LogState;
    standing_ = Standing::kFollows;
    if (status.state == LogState::kStandalone && !is_outside()) standing_ = Standing::kAlone;
    if (status.takes_writes) standing_ = Standing::kLeads;
    if (standing_ == Standing::kLeads) {
        forwarder_->leads();
    } else {
        const bool other = status.leader && *status.leader != status.self;
        forwarder_->follows(other ? status.leader : std::nullopt);
    }
    if (changed_) changed_(status);
}

// A machine that comes back with an empty disk, or that was removed, must not answer for the cluster: what it
// took would be thrown away when it joins.
bool Cluster::is_outside() const {
    return parts_.store.applied_index() == 0 || !parts_.store.sink().cluster().empty();
}

replica::ReplicaStatus Cluster::status() const {
    auto status = replica_->status();
    if (status.state == replica::LogState::kStandalone && is_outside() && status.problem.empty())
        status.problem = "this node belongs to no cluster yet: `farolctl cluster init`, or `join ADDRESS`";
    return status;
}

void Cluster::renew(std::function<void(const base::Result<void>&)> done) {
    links_loop_->post([links = side_->links.get(), &main = parts_.main, done = std::move(done)] {
        main.post([result = links->renew(), done] { done(result); });
    });
}

std::optional<std::chrono::milliseconds> Cluster::read_age() const {
    if (standing_ != Standing::kFollows) return std::chrono::milliseconds{0};
    return replica_->status().read_age;
}

void Cluster::confirm(std::function<void(bool leads)> answer) {
    replica_->confirm_leader([answer = std::move(answer)](const base::Result<void>& confirmed) {
        answer(static_cast<bool>(confirmed));
    });
}

void Cluster::forward(base::Bytes request, OnForwarded on_forwarded) {
    forwarder_->forward(std::string(kRequestKind), std::move(request), settings_.forward_timeout,
                        [on_forwarded = std::move(on_forwarded)](replica::Forwarded forwarded) {
                            on_forwarded({forwarded.outcome, forwarded.error}, std::move(forwarded.payload));
                        });
}

}  // namespace frame
