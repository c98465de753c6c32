// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell_records.h"

#include <cassert>
#include <tuple>

namespace cbc {
namespace {

constexpr auto kByPlace = [](const CellRecords::value_type& one, const Place& cell) {
    return one.first < cell;
};

}  // namespace

// The last block that begins at or before it; its end may be past the block's last record.
std::pair<size_t, size_t> CellRecords::position(const Place& cell) const {
    if (!blocks_.empty() && blocks_.back().back().first < cell)
        return {blocks_.size() - 1, blocks_.back().size()};  // most are added in order
    const auto after =
        std::upper_bound(blocks_.begin(), blocks_.end(), cell,
                         [](const Place& one, const Block& block) { return one < block.front().first; });
    if (after == blocks_.begin()) return {0, 0};
    const auto block = std::prev(after);
    const auto at = std::lower_bound(block->begin(), block->end(), cell, kByPlace);
    return {static_cast<size_t>(block - blocks_.begin()), static_cast<size_t>(at - block->begin())};
}

CellRecords::const_iterator CellRecords::lower_bound(const Place& cell) const {
    const auto [block, at] = position(cell);
    if (block < blocks_.size() && at == blocks_[block].size()) return {this, block + 1, 0};
    return {this, block, at};
}

CellRecords::const_iterator CellRecords::find(const Place& cell) const {
    const auto found = lower_bound(cell);
    return found != end() && found->first == cell ? found : end();
}

CellRecords::iterator CellRecords::find(const Place& cell) {
    const auto [block, at] = position(cell);
    const bool there =
        block < blocks_.size() && at < blocks_[block].size() && blocks_[block][at].first == cell;
    return there ? iterator{this, block, at} : end();
}

const CellRecord& CellRecords::at(const Place& cell) const {
    const auto found = find(cell);
    assert(found != end());
    return found->second;
}

std::pair<CellRecords::iterator, bool> CellRecords::try_emplace(const Place& cell, const CellRecord& record) {
    if (blocks_.empty()) blocks_.emplace_back();
    auto [block, at] = size_ == 0 ? std::pair{size_t{0}, size_t{0}} : position(cell);
    const bool past = at == blocks_[block].size();
    if (!past && blocks_[block][at].first == cell) return {iterator{this, block, at}, false};
    if (blocks_[block].size() >= kBlock) {
        // What comes in order fills its blocks; what comes between two others halves one.
        if (past && block + 1 == blocks_.size()) {
            blocks_.emplace_back();
            ++block;
            at = 0;
        } else {
            split(block);
            std::tie(block, at) = position(cell);
        }
    }
    blocks_[block].insert(blocks_[block].begin() + static_cast<std::ptrdiff_t>(at), {cell, record});
    ++size_;
    return {iterator{this, block, at}, true};
}

void CellRecords::split(size_t block) {
    Block& full = blocks_[block];
    const auto middle = full.begin() + static_cast<std::ptrdiff_t>(full.size() / 2);
    Block second(middle, full.end());
    full.erase(middle, full.end());
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(block) + 1, std::move(second));
}

}  // namespace cbc
