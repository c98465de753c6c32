// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One node of a cluster as the frame runs it: the links and their thread, the log over them, copies and blobs
// for other nodes, and the way of requests to the node that leads.
//
//     <state>/raft      the log          <state>/copies    of the whole store, going out and coming in
//
// Opened when the store is open and the daemon has read its state, gone before the store goes. Main loop
// only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "common/frame/args.h"
#include "common/frame/cluster_http.h"
#include "common/frame/cluster_settings.h"
#include "common/replica/forward.h"
#include "common/replica/replica.h"
#include "common/store/blobs.h"
#include "common/store/lmdb_store.h"

namespace frame {

class Cluster final : public Leadership {
 public:
    struct Parts {  // all outlive it
        loop::Loop& main;
        store::LmdbStore& store;
        const store::Blobs& blobs;
        const base::Clock& clock;
        const OpenLinks& open_links;  // empty: replica::Links::open
    };
    static base::Result<std::unique_ptr<Cluster>> open(const ClusterSettings& settings,
                                                       const std::string& state, const Parts& parts,
                                                       const logs::Log& log);
    ~Cluster() override;  // without handing anything over: stop() before it

    replica::Replica& replica() { return *replica_; }
    replica::ReplicaStatus status() const;
    const net::Endpoint& bound() const { return bound_; }
    // Requests of clients, for the listeners' servers and from other nodes.
    ClusterHttp& http() { return http_; }

    // At each change of the state, beside what this does itself.
    void on_change(std::function<void(const replica::ReplicaStatus&)> changed) {
        changed_ = std::move(changed);
    }
    // Reads the certificates again; `done` is called on the main loop.
    void renew(std::function<void(const base::Result<void>&)> done);
    // Hands leadership over and closes the log.
    void stop(std::function<void()> stopped) { replica_->stop(std::move(stopped)); }

    Standing standing() const override { return standing_; }
    std::optional<std::chrono::milliseconds> read_age() const override;
    void confirm(std::function<void(bool leads)> answer) override;
    void forward(base::Bytes request, OnForwarded on_forwarded) override;

 private:
    struct Side;  // all that lives on the links' loop
    Cluster(const ClusterSettings& settings, const Parts& parts, const logs::Log& log);
    base::Result<void> open_side(const std::string& state);
    base::Result<void> open_replica(const std::string& state);
    void serve_requests();
    void take(const replica::ReplicaStatus& status);
    bool is_outside() const;  // meaningful while we are standalone

    const ClusterSettings settings_;
    Parts parts_;
    logs::Log log_;
    net::Endpoint bound_;
    std::unique_ptr<loop::Loop> links_loop_;
    std::unique_ptr<Side> side_;
    std::unique_ptr<replica::Forwarder> forwarder_;
    std::unique_ptr<replica::Replica> replica_;
    std::thread links_thread_;
    ClusterHttp http_;
    Standing standing_ = Standing::kFollows;
    std::function<void(const replica::ReplicaStatus&)> changed_;
};

}  // namespace frame
