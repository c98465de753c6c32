// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One SBc-AP link to one MME: its association, one request at a time, and what the MME tells by itself.
//
// Made for each configured peer, and lives as long as the daemon; associations come and go. Which side opened
// one makes no difference after that. An association that the MME begins anew (RFC 9260 §5.2) counts as down
// and up: what the MME held is not known any more. Whatever a peer sends is answered as TS 29.168 §5.5 says,
// and never ends the association.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cbc/domain/network.h"
#include "cbc/net/link_probe.h"
#include "cbc/net/link_standing.h"
#include "cbc/net/request_queue.h"
#include "cbc/net/sbcap_link_fsm.h"
#include "cbc/wire/sbcap_codec.h"
#include "common/net/sctp.h"

namespace cbc {

inline constexpr std::array kSbcapProcedures{Procedure::kWriteReplace, Procedure::kKill};
inline constexpr uint32_t kSbcapPpid = 24;   // TS 29.168 §5.2
inline constexpr uint16_t kSbcapStream = 0;  // for all that is about no UE

struct SbcapTuning : RequestTuning {
    net::BackoffPolicy backoff;
};

class SbcapLink {
 public:
    struct Parts {  // all outlive the link
        loop::Timers& timers;
        const base::Clock& clock;
        const LinkMetrics& metrics;
        const SbcapTuning& tuning;
        LinkOwner& owner;
        const Network& network;
    };
    // Opens an association of ours; none for a peer that connects to us.
    using Connect = std::function<base::Result<net::SctpAssociationPtr>()>;

    SbcapLink(PeerName name, Parts parts, logs::Log log, Connect connect);
    SbcapLink(const SbcapLink&) = delete;
    SbcapLink& operator=(const SbcapLink&) = delete;

    void start();  // of a link that connects
    // One that the peer opened, not started yet; it replaces an older one.
    void accept(net::SctpAssociationPtr association);
    void send(const DeliveryKey& key, PeerRequest request) { queue_.send(key, std::move(request)); }

    // Asks the MME to stop a message that nobody has, in a tracking area that is none: any answer will do.
    // Nothing while one is out, whose answer serves as well.
    void test();

    sbcap_link_fsm::State state() const { return fsm_; }
    const std::optional<LinkTestStatus>& last_test() const { return probe_.last(); }
    const LinkStanding& standing() const { return standing_; }
    size_t waiting() const { return queue_.waiting(); }
    std::vector<net::SctpPath> paths() const;

 private:
    using State = sbcap_link_fsm::State;
    using Event = sbcap_link_fsm::Event;

    void fire(Event event);
    void perform(sbcap_link_fsm::Action action);
    void open();
    void begin(net::SctpAssociationPtr association);
    void fail(std::string reason);
    void announce();
    void begin_anew();
    void go_down();
    void path_changed(const net::SctpPath& path);

    void on_message(const net::SctpMessage& message);
    void handle(const sbcap::Message& message);
    void handle_answer(Procedure procedure, const sbcap::WarningResponse& response);
    void handle_report(Indication kind, const Report& report);
    void handle_restart(const sbcap::PwsRestartIndication& indication);
    void handle_failure(const sbcap::PwsFailureIndication& indication);
    void handle_error(const sbcap::ErrorIndication& error);
    bool about_our_request(const sbcap::ErrorIndication& error) const;
    void out_of_place(sbcap::Procedure procedure, wire::Trigger trigger);

    base::Result<void> write(const sbcap::Message& message);
    void tell(const sbcap::ErrorIndication& error);

    PeerName name_;
    Parts parts_;
    logs::Log log_;
    Connect connect_;
    LinkStanding standing_;
    RequestQueue queue_;
    LinkProbe probe_;
    State fsm_ = State::kDown;
    net::SctpAssociationPtr association_;
    uint64_t generation_ = 0;  // of the association
    loop::HandlePtr sweep_;    // ends an association outside of its own callback
};

}  // namespace cbc
