// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is known of one message at one peer, cell by cell: a map from Place to CellRecord, in the order of
// places.
//
// A peer may have 100,000 cells, every one of which is looked at after each of its answers, so records lie
// side by side, in blocks. An insertion moves one block at most. A block is also what is written down at a
// time (cbc/store/delivery_rows.h). References hold until the next insertion or removal.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "cbc/domain/alert.h"
#include "cbc/domain/cause.h"
#include "cbc/domain/place.h"
#include "common/cbs/delivery_state.h"

namespace cbc {

using cbs::DeliveryState;
using cbs::to_string;

// What we know of the peer's memory: after a lost link or a restart a message may or may not still be there.
enum class Holds : uint8_t { kNo, kMaybe, kYes };
// Whether a refusal is worth another try.
enum class Hold : uint8_t { kNone, kUntilRetry, kForGood };

struct CellRecord {
    DeliveryState state = DeliveryState::kQueued;
    std::optional<Cause> cause{};
    base::Instant since{};
    Holds holds = Holds::kNo;
    Revision written{};  // with which revision; meaningful unless kNo
    Hold hold = Hold::kNone;
    std::optional<uint16_t> broadcasts{};  // as last reported
    // An older message that the peer, which cannot replace, still broadcasts beside this one.
    std::optional<Revision> beside{};
    // Named by the peer's reports alone: requests speak of the area that it is in.
    bool reported_only = false;
    // It shall be on the air there. Follows from the target, so it is not written down.
    bool wanted = false;
    friend bool operator==(const CellRecord&, const CellRecord&) = default;
};

using CellCounts = std::array<size_t, cbs::kAllDeliveryStates.size()>;  // by DeliveryState

class CellRecords {
 public:
    using value_type = std::pair<Place, CellRecord>;
    using Block = std::vector<value_type>;
    static constexpr size_t kBlock = 512;  // records in a block at most

    template <class Owner, class Value>
    class Iterator {
     public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = CellRecords::value_type;
        using difference_type = std::ptrdiff_t;
        using pointer = Value*;
        using reference = Value&;

        Iterator() = default;
        Iterator(Owner* owner, size_t block, size_t at) : owner_(owner), block_(block), at_(at) {}
        reference operator*() const { return owner_->blocks_[block_][at_]; }
        pointer operator->() const { return &**this; }
        Iterator& operator++() {
            if (++at_ < owner_->blocks_[block_].size()) return *this;
            ++block_;
            at_ = 0;
            return *this;
        }
        Iterator operator++(int) {
            Iterator before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(const Iterator& a, const Iterator& b) {
            return a.block_ == b.block_ && a.at_ == b.at_;
        }

     private:
        Owner* owner_ = nullptr;
        size_t block_ = 0;
        size_t at_ = 0;
    };
    using iterator = Iterator<CellRecords, value_type>;
    using const_iterator = Iterator<const CellRecords, const value_type>;

    iterator begin() { return {this, 0, 0}; }
    iterator end() { return {this, blocks_.size(), 0}; }
    const_iterator begin() const { return {this, 0, 0}; }
    const_iterator end() const { return {this, blocks_.size(), 0}; }

    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    iterator find(const Place& cell);
    const_iterator find(const Place& cell) const;
    const_iterator lower_bound(const Place& cell) const;
    bool contains(const Place& cell) const { return find(cell) != end(); }
    const CellRecord& at(const Place& cell) const;  // it is there
    CellRecord& operator[](const Place& cell) { return try_emplace(cell, {}).first->second; }

    // False: it was there, and is as it was.
    std::pair<iterator, bool> try_emplace(const Place& cell, const CellRecord& record);
    template <class Predicate>
    void erase_if(Predicate&& gone) {
        for (Block& block : blocks_) std::erase_if(block, gone);
        std::erase_if(blocks_, [](const Block& block) { return block.empty(); });
        size_ = 0;
        for (const Block& block : blocks_) size_ += block.size();
    }
    const std::vector<Block>& blocks() const { return blocks_; }  // none of them is empty
    friend bool operator==(const CellRecords& a, const CellRecords& b) {
        return a.size_ == b.size_ && std::equal(a.begin(), a.end(), b.begin());
    }

 private:
    // Where it is or belongs.
    std::pair<size_t, size_t> position(const Place& cell) const;
    void split(size_t block);

    std::vector<Block> blocks_;
    size_t size_ = 0;
};

}  // namespace cbc
