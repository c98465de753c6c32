// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A LinkOwner that remembers what it was told.
#pragma once

#include <string>
#include <vector>

#include "cbc/net/link_owner.h"

namespace test {

struct LinkOwner final : cbc::LinkOwner {
    cbc::LiveWarnings live = cbc::LiveWarnings::kNone;
    std::vector<std::string> told;
    std::vector<cbc::PeerAnswer> answers;
    std::vector<cbc::Report> reports;
    std::vector<cbc::PlacePattern> restarted;
    std::vector<cbc::CellFailure> failed;
    std::optional<cbc::Recovery> recovery;
    std::optional<cbc::RadioNode> node;
    std::vector<cbc::PeerName> joined;

    cbc::LiveWarnings live_at(const cbc::PeerName&) override { return live; }
    void peer_wiped(const cbc::PeerName&) override { told.emplace_back("wiped"); }
    void peer_up(const cbc::PeerName&, cbc::Recovery how) override {
        told.emplace_back("up");
        recovery = how;
    }
    void peer_down(const cbc::PeerName&) override { told.emplace_back("down"); }
    void cells_restarted(const cbc::PeerName&, const std::vector<cbc::PlacePattern>& cells, cbc::Recovery how,
                         const std::optional<cbc::RadioNode>& of) override {
        told.emplace_back("restarted");
        restarted = cells;
        recovery = how;
        node = of;
    }
    void cells_failed(const cbc::PeerName&, const std::vector<cbc::CellFailure>& cells) override {
        told.emplace_back("failed");
        failed = cells;
    }
    void kind_restarted(const cbc::PeerName& peer, cbc::MessageKind kind,
                        const std::vector<cbc::PlacePattern>& cells, cbc::Recovery how) override {
        cells_restarted(peer, cells, how, std::nullopt);
        if (kind == cbc::MessageKind::kEmergency) told.back() = "emergencies restarted";
    }
    void kind_failed(const cbc::PeerName& peer, cbc::MessageKind kind,
                     const std::vector<cbc::CellFailure>& cells) override {
        cells_failed(peer, cells);
        if (kind == cbc::MessageKind::kEmergency) told.back() = "emergencies failed";
    }
    void reported(const cbc::PeerName&, const cbc::Report& report) override {
        told.emplace_back("reported");
        reports.push_back(report);
    }
    void peer_joined(const cbc::PeerProfile& peer) override { joined.push_back(peer.name); }
    void answered(const cbc::DeliveryKey&, const cbc::PeerAnswer& answer) override {
        told.emplace_back("answered");
        answers.push_back(answer);
    }
    void timed_out(const cbc::DeliveryKey&) override { told.emplace_back("timed out"); }
    void link_changed(const cbc::PeerName&) override {}
};

}  // namespace test
