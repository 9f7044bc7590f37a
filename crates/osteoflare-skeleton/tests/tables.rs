//! The embedded tables: complete, documented, in range, consistent with each other.

use std::collections::{HashMap, HashSet};

struct Column {
    range: String,
    required: bool,
    meaning: String,
    source: String,
}

fn documented() -> HashMap<(String, String), Column> {
    let mut reader = csv::Reader::from_path("data/columns.csv").unwrap();
    let mut columns = HashMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let column = Column {
            meaning: row[3].to_owned(),
            range: row[4].to_owned(),
            required: &row[5] == "yes",
            source: row[6].to_owned(),
        };
        assert!(columns.insert((row[0].to_owned(), row[1].to_owned()), column).is_none(), "{row:?} twice");
    }
    columns
}

fn in_range(value: &str, range: &str) -> bool {
    match range.split_once("..") {
        Some((low, high)) => {
            let (low, high): (f64, f64) = (low.parse().unwrap(), high.parse().unwrap());
            value.parse::<f64>().is_ok_and(|value| low <= value && value <= high)
        }
        None => range.is_empty() || range.split('|').any(|word| word == value),
    }
}

#[test]
fn every_column_is_documented_and_every_value_in_range() {
    let mut columns = documented();
    for table in ["bones", "sites", "joints"] {
        let mut reader = csv::Reader::from_path(format!("data/{table}.csv")).unwrap();
        let head = reader.headers().unwrap().clone();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        for (k, name) in head.iter().enumerate() {
            let column = columns
                .remove(&(table.to_owned(), name.to_owned()))
                .unwrap_or_else(|| panic!("column {name} of {table} is not documented"));
            assert!(!column.meaning.is_empty() && !column.source.is_empty(), "{table}.{name}");
            for row in &rows {
                let value = &row[k];
                if value.is_empty() {
                    assert!(!column.required, "{table}.{name} is empty in {row:?}");
                } else {
                    assert!(in_range(value, &column.range), "{table}.{name} = {value} in {row:?}");
                }
            }
        }
    }
    assert!(columns.is_empty(), "documented but not there: {:?}", columns.keys());
}

#[test]
fn girls_and_boys_close_together_or_not_at_all() {
    let mut reader = csv::Reader::from_path("data/sites.csv").unwrap();
    let head = reader.headers().unwrap().clone();
    let at = |name: &str| head.iter().position(|n| n == name).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let (girls, boys) = (&row[at("closure_age_f")], &row[at("closure_age_m")]);
        assert_eq!(girls.is_empty(), boys.is_empty(), "{row:?}");
    }
}

#[test]
fn groups_of_parts_agree_with_the_catalogue() {
    let read = |table: &str| -> Vec<HashMap<String, String>> {
        csv::Reader::from_path(format!("data/{table}.csv"))
            .unwrap()
            .deserialize()
            .map(Result::unwrap)
            .collect()
    };
    let bones: HashMap<String, HashMap<String, String>> =
        read("bones").into_iter().map(|row| (row["id"].clone(), row)).collect();
    let mut seen = HashSet::new();
    for site in read("sites") {
        let bone = &bones[&site["bone_id"]];
        seen.insert(site["bone_id"].clone());
        for shared in ["ea_site_class", "jansson_axial", "region"] {
            assert_eq!(site[shared], bone[shared], "{} of {}", shared, site["id"]);
        }
        let by_part: HashMap<String, &str> = bone["segment_group7"]
            .split(';')
            .filter_map(|entry| entry.split_once(':'))
            .map(|(part, group)| {
                (part.to_lowercase().replace("ala_si_left", "ala").replace("ala_si_right", "ala"), group)
            })
            .collect();
        match by_part.get(&site["part"]) {
            // A shaft that spans two groups is counted to one of the two.
            Some(group) if group.len() > 1 => {
                let choices = &bone["group7"];
                assert!(choices.split("_or_").any(|choice| choice == site["group7"]), "{}", site["id"]);
            }
            Some(group) => assert_eq!(*group, site["group7"], "{}", site["id"]),
            None => assert_eq!(site["group7"], bone["group7"], "{}", site["id"]),
        }
    }
    assert_eq!(seen.len(), bones.len(), "every bone carries a site");
}
