// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Keys of rows, built from parts so that their byte order is the order of the parts.
//
//     Key().uuid(alert).number(revision).text(peer)
//
// Numbers are eight octets, big endian. A text ends with 00 00 and a NUL inside it becomes 00 ff, so that no
// text is the beginning of another ("a" sorts before "a1", and a scan for "a" does not find "a1"). A UUID is
// its 16 octets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/uuid.h"

namespace store {

class Key {
 public:
    Key& number(uint64_t value);
    Key& text(std::string_view value);
    Key& uuid(const base::Uuid& value);

    operator std::string_view() const { return octets_; }
    const std::string& octets() const { return octets_; }

 private:
    std::string octets_;
};

// Takes a key apart, in the order in which it was built. kCorrupt when it is not of that form.
class KeyReader {
 public:
    explicit KeyReader(std::string_view octets) : rest_(octets) {}
    base::Result<uint64_t> number();
    base::Result<std::string> text();
    base::Result<base::Uuid> uuid();
    bool at_end() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

 private:
    std::string_view rest_;
};

}  // namespace store
