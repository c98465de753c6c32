// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/fake_sink.h"

#include <algorithm>
#include <sstream>

#include "common/store/file.h"

namespace test {

std::string FakeSink::content() const {
    std::string text = "copy " + name + " " + std::to_string(index) + "\n";
    uint32_t number = static_cast<uint32_t>(index);
    while (text.size() < octets) {
        number = number * 1664525 + 1013904223;
        text.push_back(static_cast<char>(number >> 24));
    }
    return text;
}

base::Result<uint64_t> FakeSink::copy(const Take& take) {
    ++copies;
    if (auto ready = before_copy(); !ready) return ready.error();
    const uint64_t at = index;
    const std::string text = content();
    // In portions that have nothing to do with chunks.
    for (size_t from = 0; from < text.size(); from += 3000) {
        const auto portion = std::string_view(text).substr(from, 3000);
        if (auto taken = take(base::as_bytes(portion)); !taken) return taken.error();
    }
    return at;
}

base::Result<store::CopyFacts> FakeSink::inspect(const std::filesystem::path& data) {
    const auto octets = store::read_file(data, size_t{64} << 20);
    if (!octets) return octets.error();
    std::istringstream in{std::string(base::as_text(*octets))};
    std::string word;
    store::CopyFacts facts{};
    if (!(in >> word >> facts.meta.cluster >> facts.meta.journal_index) || word != "copy")
        return base::Error{base::ErrorKind::kCorrupt, "no copy of an environment"};
    return facts;
}

}  // namespace test
