// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Precompiled and included before every source file (tests/build.mk): the standard headers that many of them need. A
// file includes what it uses all the same, because builds without this one must pass. Not here: <filesystem>, whose
// std::quoted() would compete with ours in every file.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>
