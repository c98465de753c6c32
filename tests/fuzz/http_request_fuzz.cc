// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets as requests on one connection. However they are cut, the same requests must come out: two
// readings of one connection are how requests are smuggled.
#include <cstdlib>
#include <string>

#include "common/http/body_reader.h"
#include "common/http/head_parser.h"

namespace {

constexpr size_t kHeadLimit = 16 * 1024;
constexpr size_t kBodyLimit = 4096;

// Reads as the connection does, `piece` octets at a time, and tells what it saw.
std::string read_all(std::string_view octets, size_t piece) {
    std::string seen;
    std::string buffer;
    while (true) {
        std::optional<size_t> end;
        while (!(end = http::find_head_end(buffer)) && !octets.empty() && buffer.size() < kHeadLimit) {
            buffer += octets.substr(0, piece);
            octets.remove_prefix(std::min(piece, octets.size()));
        }
        if (!end) return seen + "E";
        const auto head = http::parse_head(std::string_view(buffer).substr(0, *end));
        if (!head) return seen + "R" + std::to_string(head.error().status);
        buffer.erase(0, *end);
        seen += "H" + head->request.path + "\n";
        if (head->content_length > kBodyLimit) return seen + "L";
        http::BodyReader body(*head, kBodyLimit);
        while (!body.done()) {
            if (buffer.empty()) {
                if (octets.empty()) return seen + "B";
                buffer = octets.substr(0, piece);
                octets.remove_prefix(std::min(piece, octets.size()));
            }
            const auto used = body.feed(buffer);
            if (!used) return seen + "X" + std::to_string(used.error().status);
            if (*used > buffer.size() || (*used == 0 && !body.done())) std::abort();
            buffer.erase(0, *used);
        }
        const std::string text = body.take();
        if (text.size() > kBodyLimit) std::abort();
        seen += text + "\n";
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 1 || size > kHeadLimit) return 0;
    const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string whole = read_all(octets, size);
    if (read_all(octets, 1 + data[0] % 16U) != whole) std::abort();
    return 0;
}
