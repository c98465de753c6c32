// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A peer: a network element that broadcasts for us, and what its protocol can do.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cbc/domain/place.h"
#include "common/time/clock.h"

namespace cbc {

enum class Protocol : uint8_t {
    kCbsp,   // BSC, TS 48.049
    kSabp,   // RNC, TS 25.419
    kSbcap,  // MME, TS 29.168
    kN50,    // AMF, TS 29.518
};
inline constexpr std::array kAllProtocols{Protocol::kCbsp, Protocol::kSabp, Protocol::kSbcap, Protocol::kN50};

std::string_view to_string(Protocol protocol);  // "cbsp", "sabp", "sbcap", "n50"
std::optional<Protocol> protocol_of(std::string_view word);
bool serves(Protocol protocol, Technology technology);

struct PeerTraits {
    // A write can name the serial number that it takes the place of. If not, the new message is written and
    // then the old one stopped.
    bool replaces;
    // It can be asked how often a message was broadcast.
    bool answers_status;
    // It tells by itself, later than it accepted a message, where that is on the air.
    bool reports;
    // A cell has room for one emergency message (ETWS), and does not say that it holds this very one.
    bool kills_emergency_first = false;
    // An emergency message ends by itself after so long at most, and has to be written again; none: it goes
    // on as any other.
    std::optional<std::chrono::seconds> emergency_most{};
    // An ETWS message carries its text (secondary notification) too; if not, only its type.
    bool emergency_text = true;
    friend bool operator==(const PeerTraits&, const PeerTraits&) = default;
};
PeerTraits traits_of(Protocol protocol);

struct PeerProfile {
    PeerName name;
    Protocol protocol = Protocol::kCbsp;
    // The location areas (CBSP, SABP) or tracking areas (SBc-AP, N50) that it serves; none: any.
    std::optional<std::vector<uint32_t>> areas = std::nullopt;
};

// A path of an SCTP association, as the transport sees it.
struct PathStatus {
    std::string address;
    std::string state;
    bool primary = false;
    std::chrono::milliseconds round_trip{0};
};

// A question that a link asked on its own account, or because somebody wanted it, and that broadcasts
// nothing. CBSP and SABP: LOAD QUERY, which alone tells of cells.
struct LinkTestStatus {
    base::Instant at;
    std::string result;  // "complete", "failure", "error", "timeout"
    std::chrono::microseconds took;
    size_t cells = 0;
    size_t failed_cells = 0;
    std::optional<std::string> busiest_cell;
    unsigned busiest_load = 0;  // percent
};

// What a BSC was told about DRX. TS 48.049 §8.1.3.13.
struct DrxStatus {
    unsigned schedule_period = 0;
    unsigned reserved_slots = 0;
    base::Instant at;
    std::string result;  // "sent" too
    size_t failed_cells = 0;
};

// Whether a link test that somebody wants could begin.
enum class TestStart : uint8_t { kAsked, kNotReady };

// What is known of a peer at this moment.
struct PeerStatus {
    PeerProfile profile;
    std::string role;     // ours: client or server
    std::string address;  // where it is, or where it connects from
    bool ready = false;   // requests can be sent
    std::string state;    // of the link's machine
    base::Instant since{};
    std::string reason;  // why it is not ready
    // The configuration has it no more; its link stays until what it broadcasts for us is stopped.
    bool leaving = false;
    // "here", "twin" or "nobody"; none: this CBC has no twin.
    std::optional<std::string> writer{};
    size_t requests_waiting = 0;
    std::optional<base::Instant> last_keep_alive{};
    std::optional<LinkTestStatus> link_test{};
    std::optional<DrxStatus> drx{};
    std::vector<PathStatus> paths{};  // of an SCTP association
};

}  // namespace cbc
