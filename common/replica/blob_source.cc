// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/blob_source.h"

#include "common/loop/work_pool.h"

namespace replica {
namespace {

constexpr size_t kReadsMax = 16;  // that wait; each is 1 MiB

base::Error malformed() { return base::invalid("blob/part: not a call of this release"); }

}  // namespace

base::Bytes encode_blob_request(const BlobRequest& request) {
    return base::Writer().raw(request.id.octets()).u64(request.offset).take();
}

base::Result<BlobRequest> decode_blob_request(base::ByteView octets) {
    base::Reader in(octets);
    const auto id = in.take(32, "id");
    const auto offset = in.u64("offset");
    if (!id || !offset || !in.at_end()) return malformed();
    return BlobRequest{store::BlobId::from_octets(id->first<32>()), *offset};
}

base::Bytes encode_blob_part(const store::Blobs::Part& part) {
    return base::Writer().u64(part.whole).raw(part.octets).take();
}

base::Result<store::Blobs::Part> decode_blob_part(base::ByteView octets) {
    base::Reader in(octets);
    const auto whole = in.u64("whole");
    if (!whole || in.remaining() > kBlobPartOctets) return malformed();
    const auto rest = in.take(in.remaining(), "octets");
    return store::Blobs::Part{*whole, base::Bytes(rest->begin(), rest->end())};
}

struct BlobSource::State {
    State(const store::Blobs& the_blobs, loop::Loop& loop) : blobs(the_blobs), pool(loop, 1, kReadsMax) {}

    void give(base::ByteView octets, Calls::Answer answer) {
        const auto request = decode_blob_request(octets);
        if (!request) return answer(request.error());
        const bool taken = pool.submit(
            [&from = blobs, wanted = *request]() -> base::Result<base::Bytes> {
                const auto part = from.read_part(wanted.id, wanted.offset, kBlobPartOctets);
                if (!part) return part.error();
                return encode_blob_part(*part);
            },
            answer);
        if (!taken)
            answer(base::Error{base::ErrorKind::kUnavailable, "too many blobs are asked for at once"});
    }

    const store::Blobs& blobs;
    loop::WorkPool pool;
};

BlobSource::BlobSource(const store::Blobs& blobs, const LinksSide& side)
    : state_(std::make_shared<State>(blobs, side.loop)) {
    side.calls.serve(std::string(kBlobPart), [weak = std::weak_ptr(state_)](
                                                 const NodeName&, base::Bytes request, Calls::Answer answer) {
        if (const auto state = weak.lock()) return state->give(request, std::move(answer));
        answer(base::Error{base::ErrorKind::kUnavailable, "the daemon stops"});
    });
}

BlobSource::~BlobSource() = default;

}  // namespace replica
