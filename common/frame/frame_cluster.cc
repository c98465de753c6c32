// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The part of the frame that is about being one node of several.
#include "common/frame/frame.h"

namespace frame {
namespace {

constexpr uint64_t kNodeStoreQuota = uint64_t{1} << 30;

}  // namespace

bool Frame::serves() const {
    return !settings_.cluster.wanted || settings_.cluster.role == replica::Role::kMember;
}

base::Result<void> Frame::open_node_store() {
    store::StoreConfig config;
    config.directory = args_.state + "/node";
    config.quota.bytes = kNodeStoreQuota;
    config.quota.reserve = 0;
    config.map_bytes = kNodeStoreQuota * 2;
    config.on_broken = [this](const base::Error& error) {
        log_.error("frame.store.broken", {{"error", error.text}});
        exit_code_ = EXIT_FAILURE;
        finish();
    };
    auto opened = store::LmdbStore::open(config, *loop_, log_);
    if (!opened) return opened.error().within("store " + config.directory.string());
    node_store_ = std::move(*opened);
    return {};
}

base::Result<void> Frame::start_cluster() {
    auto opened = Cluster::open(settings_.cluster, args_.state,
                                {*loop_, *store_, *blobs_, clock_, program_.open_links}, log_);
    if (!opened) return opened.error();
    cluster_ = std::move(*opened);
    announce("cluster", {cluster_->bound().host, cluster_->bound().port});
    note_certificate("cluster", settings_.cluster.files);  // a voter has no other listener
    return {};
}

void Frame::watch_cluster() {
    cluster_watch_ = std::make_unique<ClusterWatch>(ClusterWatch::Parts{
        health_, *alarms_, metrics_, clock_, log_, program_.daemon, settings_.cluster.timing.election});
    cluster_->on_change([this](const replica::ReplicaStatus& status) {
        if (cluster_watch_) cluster_watch_->look(status);
    });
    cluster_watch_->look(cluster_->status());
    metrics_.before_text([this] {
        if (cluster_watch_) cluster_watch_->look(cluster_->status());
    });
}

// A node whose disk is full refuses what others could take.
void Frame::yield_when_full() {
    const bool full = is_disk_full(store_->figures().space, settings_.store_reserve);
    if (!yield_.due(cluster_->status().takes_writes, full, clock_.ticks())) return;
    log_.warning("cluster.yield", {{"reason", "the disk of this node is full"}});
    cluster_->replica().switchover(std::nullopt, [this](const base::Result<void>& done) {
        if (!done) log_.warning("cluster.yield.failed", {{"error", done.error().text}});
    });
}

void Frame::watch_leadership(Application& application) {
    store().on_leads([&application](bool leads) { application.on_leadership(leads); });
    application.on_leadership(store().leads());
}

void Frame::renew_cluster() {
    if (!cluster_) return;
    cluster_->renew([this](const base::Result<void>& renewed) {
        if (!renewed) return log_.error("cluster.certificate.unread", {{"error", renewed.error().text}});
        note_certificate("cluster", settings_.cluster.files);
    });
}

ClusterVerdict Frame::cluster_verdict() const {
    return cluster_watch_ ? cluster_watch_->verdict() : ClusterVerdict{};
}

std::optional<std::chrono::milliseconds> Frame::read_age() const {
    return cluster_ ? cluster_->read_age() : std::chrono::milliseconds{0};
}

}  // namespace frame
