// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The one SctpAssociation, on a socket of either back end. For common/net alone.
//
//   connecting ──▶ up ──▶ (shutting down) ──▶ ended
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "common/net/sctp_socket.h"

namespace net {

class SctpOnSocket final : public SctpAssociation {
 public:
    enum class Origin { kConnects, kAccepted };
    SctpOnSocket(loop::Loop& loop, SctpSocketPtr socket, Origin origin, std::string remote,
                 const SctpSettings& settings);

    void start(Events events) override;
    Sent send(const SctpMessage& message) override;
    void shut_down() override;
    void read(Reading reading) override;
    size_t unsent() const override { return unsent_; }
    std::vector<SctpPath> paths() const override;
    SctpFigures figures() const override;
    std::string remote() const override { return remote_; }
    std::string detail() const override { return detail_; }

 private:
    struct Waiting {
        uint16_t stream;
        uint32_t ppid;
        base::Bytes octets;
    };
    struct Finished {
        uint16_t stream;
        uint32_t ppid;
    };
    enum class Step { kGoOn, kOver };  // kOver: nothing more to read now, or this may be gone

    void ready();
    Step take(const SctpIncoming& incoming);
    Step take_part(const SctpIncoming& incoming);
    Step give_finished(const SctpIncoming& next);
    void give(const SctpMessage& message);
    Step came_up(bool restarted);
    Step path_changed(const SctpIncoming& incoming);
    void write_waiting();
    void arm_send_deadline();
    void begin_shutdown();
    void want();
    void fail(CloseReason otherwise, int error_number);
    void end(CloseReason reason);
    void end_later(CloseReason reason);

    loop::Loop& loop_;  // outlives this
    SctpSocketPtr socket_;
    Origin origin_;
    std::string remote_;
    SctpSettings settings_;
    // Shared with the callback under way, which may destroy the association.
    std::shared_ptr<const Events> events_ = std::make_shared<const Events>();
    std::shared_ptr<const char> alive_ = std::make_shared<const char>('\0');
    bool up_ = false;
    size_t largest_ = 0;  // message that we may send
    enum class Ending { kNo, kWanted, kBegun } ending_ = Ending::kNo;
    Reading reading_ = Reading::kOn;
    std::optional<CloseReason> ended_;
    std::string detail_;
    std::vector<uint8_t> buffer_;
    base::Bytes message_;               // what has come of the one under way
    std::optional<Finished> finished_;  // message_ has its end, and waits for what follows it
    std::deque<Waiting> waiting_;
    size_t unsent_ = 0;
    SctpFigures figures_;
    std::vector<SctpPath> known_;    // as last told
    loop::HandlePtr deadline_;       // of connecting, of shutting down, or an end that is due
    loop::HandlePtr send_deadline_;  // something waits, and the peer has taken nothing since it was armed
};

}  // namespace net
