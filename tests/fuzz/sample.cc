// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A short fuzzing run for `make test`, where g++ builds and libFuzzer is not at hand: gives a fuzz target
// every input of the corpus, then mutations of them until the time is over. The same seed makes the same
// inputs in the same order. Takes the options of libFuzzer that tests/fuzz/run gives (-seed=,
// -max_total_time= in seconds, -artifact_prefix=; others are passed over) and folders of inputs. It learns
// nothing from what the target executes: `make fuzz` does.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

using Input = std::vector<uint8_t>;

constexpr size_t kLongest = 4096;  // octets of an input
constexpr int kMostMutations = 6;  // of one input

struct Options {
    uint64_t seed = 1;
    uint64_t seconds = 5;
    std::string prefix = "./";
    std::vector<std::string> folders;
};

uint64_t number(std::string_view text) {
    uint64_t out = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (problem == std::errc{} && end == text.data() + text.size()) return out;
    std::fprintf(stderr, "not a number: %s\n", std::string(text).c_str());
    std::exit(2);
}

Options read_options(int count, char** arguments) {
    Options out;
    for (int i = 1; i < count; ++i) {
        const std::string_view one = arguments[i];
        const size_t equals = std::min(one.find('='), one.size());
        const std::string_view value = one.substr(std::min(equals + 1, one.size()));
        if (one.starts_with("-seed=")) out.seed = number(value);
        if (one.starts_with("-max_total_time=")) out.seconds = number(value);
        if (one.starts_with("-artifact_prefix=")) out.prefix = value;
        if (!one.starts_with("-")) out.folders.emplace_back(one);
    }
    return out;
}

// In the order of their names, so that a seed means the same everywhere.
std::vector<Input> read_corpus(const std::vector<std::string>& folders) {
    std::vector<std::filesystem::path> files;
    for (const std::string& folder : folders)
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<Input> out;
    for (const auto& path : files) {
        std::ifstream in(path, std::ios::binary);
        out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    if (out.empty()) out.emplace_back();
    return out;
}

class Mutator {
 public:
    Mutator(std::vector<Input> corpus, uint64_t seed) : corpus_(std::move(corpus)), random_(seed) {}

    const std::vector<Input>& corpus() const { return corpus_; }

    Input next() {
        Input out = any_input();
        for (uint64_t times = 1 + below(kMostMutations); times > 0; --times) mutate(out);
        if (out.size() > kLongest) out.resize(kLongest);
        return out;
    }

 private:
    size_t below(size_t bound) { return bound == 0 ? 0 : static_cast<size_t>(random_() % bound); }
    uint8_t octet() {
        // What lengths, counts and texts break at.
        static constexpr std::array<uint8_t, 12> kEdges{0,   1,   2,    0x0a, 0x0d, 0x1b,
                                                        ' ', '"', 0x7f, 0x80, 0xfe, 0xff};
        return below(2) == 0 ? kEdges[below(kEdges.size())] : static_cast<uint8_t>(random_());
    }
    const Input& any_input() { return corpus_[below(corpus_.size())]; }
    static auto at(const Input& in, size_t place) { return in.begin() + static_cast<std::ptrdiff_t>(place); }

    void mutate(Input& in) {
        const size_t place = below(in.size() + 1);
        const size_t length = below(std::min<size_t>(in.size() - place, 16) + 1);
        switch (below(6)) {
            case 0:  // cut
                return in.resize(place);
            case 1:  // take out
                in.erase(at(in, place), at(in, place + length));
                return;
            case 2:  // put in
                in.insert(at(in, place), 1 + below(4), octet());
                return;
            case 3:  // one bit
                if (place < in.size()) in[place] ^= static_cast<uint8_t>(1U << below(8));
                return;
            case 4:  // a part of another input
                return put_part(in, place);
            default:  // some octets
                for (size_t i = place; i < place + length; ++i) in[i] = octet();
        }
    }

    void put_part(Input& in, size_t place) {
        const Input& other = any_input();
        const size_t from = below(other.size() + 1);
        const size_t length = below(other.size() - from + 1);
        in.insert(at(in, place), at(other, from), at(other, from + length));
    }

    std::vector<Input> corpus_;
    std::mt19937_64 random_;
};

// Writes each input down before it is tried: the one that ends the process is what the file then holds.
class Trial {
 public:
    explicit Trial(std::string path)
        : path_(std::move(path)), file_(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
        if (file_ >= 0) return;
        std::perror(path_.c_str());
        std::exit(2);
    }
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;
    ~Trial() {
        close(file_);
        unlink(path_.c_str());
    }

    void run(const Input& input) {
        const auto length = static_cast<ssize_t>(input.size());
        if (ftruncate(file_, 0) != 0 || pwrite(file_, input.data(), input.size(), 0) != length) {
            std::perror(path_.c_str());
            std::exit(2);
        }
        const Input exact(input.begin(), input.end());  // no spare capacity that would hide reading too far
        LLVMFuzzerTestOneInput(exact.data(), exact.size());
        ++done_;
    }
    uint64_t done() const { return done_; }

 private:
    std::string path_;
    int file_;
    uint64_t done_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
    const Options options = read_options(count, arguments);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options.seconds);
    Mutator mutator(read_corpus(options.folders), options.seed);
    Trial trial(options.prefix + "seed-" + std::to_string(options.seed));
    for (const Input& input : mutator.corpus()) trial.run(input);
    while (std::chrono::steady_clock::now() < end) trial.run(mutator.next());
    std::printf("stat::number_of_executed_units: %llu\n", static_cast<unsigned long long>(trial.done()));
    return 0;
}
