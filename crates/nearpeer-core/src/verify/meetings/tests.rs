//! Bounds of the checker against every way to put leaders.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Leaders and rooms at up to four spots, two a slot.
fn staff() -> impl Strategy<Value = Staff> {
    let room = vec(0u32..9, 1..5);
    let leaders = vec((1u32..7, 1usize..3, vec(any::<bool>(), 4)), 0..4);
    (room, leaders).prop_map(|(room, leaders)| {
        let leads = leaders.into_iter().map(|(capacity, most, at)| {
            let in_slot = |slot: usize| -> Vec<usize> {
                let spots = slot * 2..(slot * 2 + 2).min(room.len());
                spots.filter(|spot| at[*spot]).collect()
            };
            let slots: Vec<Vec<usize>> = (0..2usize)
                .filter(|slot| slot * 2 < room.len())
                .map(in_slot)
                .filter(|spots| !spots.is_empty())
                .collect();
            let most = most.min(slots.len());
            Leads {
                capacity,
                most,
                slots,
            }
        });
        let leaders = leads.filter(|leader| leader.most > 0).collect();
        Staff {
            leaders: Some(leaders),
            room,
        }
    })
}

/// Every way to put the leaders: the capacities of those at each spot.
fn staffings(staff: &Staff) -> Vec<Vec<Vec<u32>>> {
    let mut all = vec![vec![Vec::new(); staff.room.len()]];
    for leader in staff.leaders.iter().flatten() {
        // Leaders may also stay away.
        let fewer = (0..=leader.most).flat_map(|most| choices(&leader.slots, most));
        let fewer: BTreeSet<Vec<usize>> = fewer.collect();
        let with = all.iter().flat_map(|staffing| {
            fewer.iter().map(move |choice| {
                let mut staffing = staffing.clone();
                for spot in choice {
                    staffing[*spot].push(leader.capacity);
                }
                staffing
            })
        });
        all = with.collect();
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// No staffing with so many leaders of some crews holds more than `at_most`, nor is worth more than `most`.
    #[test]
    fn no_staffing_has_more(
        staff in staff(),
        prices in vec((0i64..20, 0i64..20), 4),
        rounded in vec((0usize..4, 1u32..10, 0i64..10), 0..4),
        crews in vec((0usize..4, 0u32..8, 0u32..3, 0u32..3, -30i64..30), 0..4),
    ) {
        let spots = staff.room.len();
        let mut paid = LevelPrices::default();
        for (room, rest) in prices.iter().take(spots) {
            paid.rooms.push(*room);
            paid.places.push(room + rest);
        }
        for (place, by, price) in rounded {
            if place < spots && staff.can_be_rounded(place, by) {
                paid.places[place] += price;
                paid.rounded.push(RoundingPrice { place, by, price });
            }
        }
        let crews = crews.into_iter().filter(|(place, ..)| *place < spots);
        let (mut decided, mut of_crews) = (Staffed::new(), BTreeMap::new());
        for (place, pairs, least, more, price) in crews {
            decided.insert((place, pairs), (least, least + more));
            of_crews.insert((place, pairs), price);
        }
        let most = staff.most(&paid, &of_crews, &decided);
        let at_most = staff.at_most(&decided);
        for staffing in staffings(&staff) {
            let is_so = decided.iter().all(|(&(place, pairs), &(least, most))| {
                let can = |capacity: &&u32| (**capacity).min(staff.room[place]) >= pairs;
                let count = staffing[place].iter().filter(can).count() as u32;
                (least..=most).contains(&count)
            });
            if !is_so {
                continue;
            }
            let held = staffing.iter().zip(&staff.room);
            let held: Vec<u32> = held
                .map(|(capacities, room)| capacities.iter().sum::<u32>().min(*room))
                .collect();
            prop_assert!(worth(&paid.places, &held) <= most, "{held:?}");
            prop_assert!(held.iter().zip(&at_most).all(|(held, most)| held <= most), "{held:?}");
        }
    }
}
