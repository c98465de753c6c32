// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Work that is prepared elsewhere, in whatever order, and finished here in the order in which it came.
//
// A stop must not overtake the send that came before it: the alert would be unknown, and go on the air after
// it was stopped. Used on one thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace cbc {

class InOrder {
 public:
    using Finish = std::function<void()>;
    class Place {  // of one piece of work
        friend class InOrder;
        Finish finish_;
    };
    using PlacePtr = std::shared_ptr<Place>;

    PlacePtr enter() {
        places_.push_back(std::make_shared<Place>());
        return places_.back();
    }
    // Runs it, now or when everything that entered before has been run. Once for each place.
    void ready(const PlacePtr& place, Finish finish) {
        place->finish_ = std::move(finish);
        while (!places_.empty() && places_.front()->finish_) {
            const PlacePtr first = std::move(places_.front());
            places_.pop_front();
            first->finish_();
        }
    }
    bool empty() const { return places_.empty(); }

 private:
    std::deque<PlacePtr> places_;
};

}  // namespace cbc
