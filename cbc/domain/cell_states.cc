// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell_states.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace cbc {
namespace {

// How far a delivery has come, least first.
constexpr std::array kProgress{
    DeliveryState::kUnknownCell,  DeliveryState::kUnknownToPeer, DeliveryState::kStopFailed,
    DeliveryState::kRefused,      DeliveryState::kNoAnswer,      DeliveryState::kNotConnected,
    DeliveryState::kQueued,       DeliveryState::kSent,          DeliveryState::kStopSent,
    DeliveryState::kNotReported,  DeliveryState::kAccepted,      DeliveryState::kScheduled,
    DeliveryState::kBroadcasting, DeliveryState::kStopped,       DeliveryState::kNotSentTraining};
static_assert(kProgress.size() == cbs::kAllDeliveryStates.size());

// From 1; 0 stands for a cell that nobody has said anything of.
constexpr auto kRanks = [] {
    std::array<uint8_t, kProgress.size()> ranks{};
    for (size_t i = 0; i < kProgress.size(); ++i)
        ranks.at(static_cast<size_t>(kProgress.at(i))) = static_cast<uint8_t>(i + 1);
    return ranks;
}();
uint8_t rank_of(DeliveryState state) { return kRanks.at(static_cast<size_t>(state)); }
DeliveryState state_of(uint8_t rank) { return kProgress.at(rank - 1U); }

bool less_advanced(const CellRecord& a, const CellRecord& b) { return rank_of(a.state) <= rank_of(b.state); }
const CellRecord& more_of(const CellRecord& a, const CellRecord& b) { return less_advanced(a, b) ? b : a; }

CellRecord plain(DeliveryState state, base::Instant since, std::optional<Cause> cause = std::nullopt) {
    CellRecord record;
    record.state = state;
    record.since = since;
    record.cause = cause;
    return record;
}

// Nothing was asked of any peer yet, or ever will be: what its cells are shown as.
std::optional<DeliveryState> unasked(const Warning& warning) {
    if (warning.revision().content.mode == Mode::kTraining) return DeliveryState::kNotSentTraining;
    if (warning.deliveries().empty()) return DeliveryState::kQueued;
    return std::nullopt;
}

// Calls with each peer's deliveries, which stand side by side.
template <class Visit>
void each_peer(const Warning& warning, Visit&& visit) {
    const auto& all = warning.deliveries();
    for (auto first = all.begin(); first != all.end();) {
        auto last = first;
        while (last != all.end() && last->first.peer == first->first.peer) ++last;
        visit(first, last);
        first = last;
    }
}

// Places in order are looked up one after another: each search begins where the last one ended, in steps that
// double.
class Finder {
 public:
    explicit Finder(const PlaceSet& places) : places_(places) {}

    std::optional<size_t> find(const Place& place) {
        size_t step = 1;
        size_t low = at_;
        size_t high = at_;
        while (high < places_.size() && places_[high] < place) {
            low = high + 1;
            high += step;
            step *= 2;
        }
        const auto begin = places_.begin();
        const auto end = begin + static_cast<std::ptrdiff_t>(std::min(high + 1, places_.size()));
        at_ = static_cast<size_t>(
            std::lower_bound(begin + static_cast<std::ptrdiff_t>(std::min(low, places_.size())), end, place) -
            begin);
        if (at_ < places_.size() && places_[at_] == place) return at_;
        return std::nullopt;
    }

 private:
    const PlaceSet& places_;
    size_t at_ = 0;
};

// One rank for each cell of the division, and for those that only peers have named.
class Board {
 public:
    explicit Board(const PlaceSet& cells) : cells_(cells), least_(cells.size()), most_(cells.size()) {}

    void add(const Delivery& delivery) {
        Finder finder(cells_);
        for (const auto& [cell, record] : delivery.cells()) {
            const auto at = finder.find(cell);
            uint8_t& least = at ? least_[*at] : other_least_[cell];
            const uint8_t rank = rank_of(record.state);
            if (at && least == 0) touched_.push_back(*at);
            least = least == 0 ? rank : std::min(least, rank);
        }
    }
    // All messages of the peer have been added.
    void end_of_peer() {
        for (const size_t at : touched_) {
            most_[at] = std::max(most_[at], least_[at]);
            least_[at] = 0;
        }
        touched_.clear();
        for (const auto& [cell, rank] : other_least_) other_[cell] = std::max(other_[cell], rank);
        other_least_.clear();
    }
    void set_other(const Place& cell, DeliveryState state) { other_[cell] = rank_of(state); }
    void set_missing(const PlaceSet& cells, DeliveryState state) {
        Finder finder(cells_);
        for (const Place& cell : cells) {
            const auto at = finder.find(cell);
            uint8_t& rank = at ? most_[*at] : other_[cell];
            if (rank == 0) rank = rank_of(state);
        }
    }
    CellCounts counts() const {
        CellCounts counts{};
        const auto count = [&](uint8_t rank) {
            if (rank > 0) ++counts.at(static_cast<size_t>(state_of(rank)));
        };
        for (const uint8_t rank : most_) count(rank);
        for (const auto& [cell, rank] : other_) count(rank);
        return counts;
    }

 private:
    const PlaceSet& cells_;
    std::vector<uint8_t> least_, most_;
    std::vector<size_t> touched_;
    std::map<Place, uint8_t> other_least_, other_;
};

const PlaceSet& asked_of(const PeerShare& share) {
    const auto* chosen = std::get_if<PlaceSet>(&share.area);
    return chosen != nullptr ? *chosen : share.known;
}

// Of cells in order, those after one and up to another.
struct Range {
    const std::optional<Place>& after;
    const std::optional<Place>& last;

    PlaceSet::const_iterator begin(const PlaceSet& cells) const {
        return after ? std::upper_bound(cells.begin(), cells.end(), *after) : cells.begin();
    }
    bool past(const Place& cell) const { return last && *last < cell; }
    template <class Visit>
    void each(const PlaceSet& cells, Visit&& visit) const {
        for (auto at = begin(cells); at != cells.end() && !past(*at); ++at) visit(*at);
    }
};

using Found = std::map<Place, CellRecord>;

template <class Choose>
void note(Found& found, const Place& cell, const CellRecord& record, Choose&& choose) {
    const auto [at, added] = found.try_emplace(cell, record);
    if (!added) at->second = choose(at->second, record);
}

// Every cell of the range once.
Found cells_in(const Warning& warning, const Range& range) {
    Found cells;
    each_peer(warning, [&](auto delivery, auto end) {
        Found of_peer;
        for (; delivery != end; ++delivery) {
            const CellRecords& records = delivery->second.cells();
            auto at = range.after ? records.lower_bound(*range.after) : records.begin();
            if (at != records.end() && range.after && at->first == *range.after) ++at;
            for (; at != records.end() && !range.past(at->first); ++at)
                note(of_peer, at->first, at->second, less_of);
        }
        for (const auto& [cell, record] : of_peer) note(cells, cell, record, more_of);
    });
    const base::Instant received = warning.revision().received;
    const Division& division = warning.division();
    range.each(division.unknown, [&](const Place& cell) {
        cells.insert_or_assign(cell, plain(DeliveryState::kUnknownCell, received));
    });
    range.each(division.unserved, [&](const Place& cell) {
        cells.try_emplace(cell, plain(DeliveryState::kNotConnected, received, kCauseNoPeer));
    });
    if (const auto waiting = unasked(warning))
        for (const auto& [peer, share] : division.shares)
            range.each(asked_of(share),
                       [&](const Place& cell) { cells.try_emplace(cell, plain(*waiting, received)); });
    return cells;
}

}  // namespace

const CellRecord& less_of(const CellRecord& a, const CellRecord& b) { return less_advanced(a, b) ? a : b; }

std::optional<CellRecord> least_of(const Delivery& delivery) {
    const CellRecord* found = nullptr;
    for (const auto& [cell, record] : delivery.cells())
        found = found == nullptr ? &record : &less_of(*found, record);
    return found != nullptr ? *found : delivery.rest();
}

CellCounts count_cells(const Warning& warning) {
    const Division& division = warning.division();
    Board board(division.cells);
    each_peer(warning, [&](auto delivery, auto end) {
        for (; delivery != end; ++delivery) board.add(delivery->second);
        board.end_of_peer();
    });
    for (const Place& cell : division.unknown) board.set_other(cell, DeliveryState::kUnknownCell);
    board.set_missing(division.unserved, DeliveryState::kNotConnected);
    if (const auto waiting = unasked(warning))
        for (const auto& [peer, share] : division.shares) board.set_missing(asked_of(share), *waiting);
    return board.counts();
}

CellCounts count_cells(const Delivery& delivery) {
    CellCounts counts{};
    for (const auto& [cell, record] : delivery.cells()) ++counts.at(static_cast<size_t>(record.state));
    return counts;
}

size_t sum_of(const CellCounts& counts) { return std::accumulate(counts.begin(), counts.end(), size_t{0}); }

CellPage page_of(const Warning& warning, const std::optional<Place>& after, size_t limit) {
    // No more than a page's worth is gathered: up to the cell of the division that would be the next page's.
    const PlaceSet& all = warning.division().cells;
    std::optional<Place> last;
    const Range open{after, last};
    const auto left = static_cast<size_t>(all.end() - open.begin(all));
    if (left > limit) last = *(open.begin(all) + static_cast<std::ptrdiff_t>(limit));
    CellPage page;
    page.next = last;
    for (const auto& [cell, record] : cells_in(warning, {after, last})) {
        if (page.cells.size() == limit) {
            page.next = page.cells.back().first;
            break;
        }
        page.cells.emplace_back(cell, record);
    }
    return page;
}

CellPage page_of(const Delivery& delivery, const std::optional<Place>& after, size_t limit) {
    const CellRecords& records = delivery.cells();
    auto at = after ? records.lower_bound(*after) : records.begin();
    if (after && at != records.end() && at->first == *after) ++at;
    CellPage page;
    for (; at != records.end() && page.cells.size() < limit; ++at) page.cells.push_back(*at);
    if (at != records.end()) page.next = page.cells.back().first;
    return page;
}

}  // namespace cbc
