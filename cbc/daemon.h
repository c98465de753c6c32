// SPDX-License-Identifier: AGPL-3.0-or-later
//
// cbcd: the one place that knows all rooms. A request or a peer's message goes to the centre (domain/), and
// what the centre wants done is performed here: PDUs to peers, records to the store, news to those who
// listen.
//
//     api/routes ── commit ──▶ store ── on_applied ──▶ domain/centre ── Effects ──▶ net/, store/, api/
//                                                         ▲
//                         net/cbsp_link ── answers, RESTART┘
#pragma once

#include <map>
#include <memory>

#include "cbc/air_metrics.h"
#include "cbc/alarm_watch.h"
#include "cbc/api/desk.h"
#include "cbc/api/ecbe_routes.h"
#include "cbc/api/peer_routes.h"
#include "cbc/api/routes.h"
#include "cbc/config.h"
#include "cbc/delivery_saver.h"
#include "cbc/exchange_log.h"
#include "cbc/leaving_peers.h"
#include "cbc/net/pdu_tracer.h"
#include "cbc/twin/twin_pair.h"
#include "common/frame/frame.h"

namespace cbc {

class Daemon final : public frame::Application, public Desk, public LinkOwner {
 public:
    // frame and config outlive it.
    Daemon(frame::Frame& frame, const Config& config);
    ~Daemon() override;

    base::Result<void> start() override;
    void drain(std::function<void()> drained) override;
    base::Result<void> reload(const Config& fresh);

    // Desk
    const Centre& centre() const override { return centre_; }
    const Network& network() const override { return network_; }
    const CbeTable& cbes() const override { return cbes_; }
    base::Instant now() const override { return frame_.clock().now(); }
    std::vector<PeerStatus> peers() const override;
    loop::WorkPool& workers() override { return frame_.workers(); }
    void commit(const AlertRevision& revision, KeptTargets chosen, store::OnDone done) override;
    void commit(const Tombstone& stop, store::OnDone done) override;
    void audit(AuditEntry entry) override;
    void audit_operation(const http::Request& request, std::string action, std::string object,
                         std::string after) override;
    SiteStatus site() const override { return site_; }
    bool trace_peer(const PeerProfile& peer, std::chrono::seconds length,
                    std::function<void(std::string)> done) override {
        return tracer_.start(peer, length, std::move(done));
    }
    TestStart test_peer(const PeerName& peer) override;

    // LinkOwner
    LiveWarnings live_at(const PeerName& peer) override;
    void peer_wiped(const PeerName& peer) override;
    void peer_up(const PeerName& peer, Recovery recovery) override;
    void peer_down(const PeerName& peer) override;
    void cells_restarted(const PeerName& peer, const std::vector<PlacePattern>& cells, Recovery recovery,
                         const std::optional<RadioNode>& node) override;
    void cells_failed(const PeerName& peer, const std::vector<CellFailure>& cells) override;
    void kind_restarted(const PeerName& peer, MessageKind kind, const std::vector<PlacePattern>& cells,
                        Recovery recovery) override;
    void kind_failed(const PeerName& peer, MessageKind kind, const std::vector<CellFailure>& cells) override;
    void reported(const PeerName& peer, const Report& report) override;
    void answered(const DeliveryKey& key, const PeerAnswer& answer) override;
    void timed_out(const DeliveryKey& key) override;
    void pdu(const PeerName& peer, PduDirection direction, base::ByteView octets) override {
        tracer_.pdu(peer, direction, octets);
    }
    void link_changed(const PeerName& peer) override;
    void peer_joined(const PeerProfile& peer) override;

 private:
    Now present() const { return now_of(frame_.clock()); }
    base::Result<void> restore();
    void follow_store();
    void perform(Effects effects);
    void perform(const Effect& effect);
    void send_to(const DeliveryKey& key, const PeerRequest& request);
    DeliverySaver::Calls saver_calls();
    void receive(AlertRevision revision);
    std::optional<Targets> chosen_for(const AlertRevision& revision);
    void write_exchanges(std::vector<audit::Entry> entries);
    void arm_tick();
    void watch_peers();
    void reload_cells(const Config& fresh);
    void reload_peers(const Config& fresh);
    static std::string own_uri(const Config& config);
    static tls::Files files_for_twin(const Config& config);
    TwinPair::Calls twin_calls();
    void store_of_twin(const std::vector<TwinAlert>& alerts, std::function<void(bool)> done);
    bool is_busy(const PeerName& peer) const;
    void close_peer(const PeerName& peer);
    void add_metrics();

    frame::Frame& frame_;
    const Config& config_;
    logs::Log log_;
    CbeTable cbes_;
    Network network_;
    Centre centre_;
    LinkMetrics cbsp_metrics_;
    LinkMetrics sabp_metrics_;
    LinkMetrics n50_metrics_;
    metrics::Counter unexpected_;
    Routes routes_;
    PduTracer tracer_;
    PeerRoutes peer_routes_;
    EcbeRoutes ecbe_;
    http::Router ecbe_router_;
    CbspPeers cbsp_;
    SabpPeers sabp_;
    SbcapPeers sbcap_;
    N50Peers n50_;
    std::vector<PeerGroup*> groups_;  // of all protocols
    LeavingPeers leaving_;
    AlarmWatch alarms_;
    AirMetrics air_metrics_;
    struct Configured {  // peers as they are now
        std::vector<CbspPeerConfig> cbsp;
        std::vector<SabpPeerConfig> sabp;
        std::vector<SbcapPeerConfig> sbcap;
        std::vector<N50PeerConfig> n50;
        friend bool operator==(const Configured&, const Configured&) = default;
    };
    static Configured peers_of(const Config& config);
    Configured configured_;
    SiteStatus site_;
    ExchangeLog exchanges_;
    DeliverySaver saver_;
    std::map<std::pair<AlertId, Revision>, Targets> chosen_;  // of revisions that are being stored
    std::optional<http::Client> twin_client_;
    TwinPair twin_;
    loop::HandlePtr tick_;
    base::Ticks tick_due_;
    loop::HandlePtr alarm_timer_;
    bool stopping_ = false;
};

}  // namespace cbc
